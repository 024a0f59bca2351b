import { sandboxEnv, type Sandbox } from '@nx-slipway/sandbox';
import { run } from './run';

/** What kubectl is asked for, in a namespace of its own. */
export class TestNamespace {
  private constructor(
    readonly name: string,
    private readonly env: Record<string, string>,
  ) {}

  static async create(sandbox: Sandbox, name: string): Promise<TestNamespace> {
    const namespace = TestNamespace.named(sandbox, name);
    await namespace.kubectl('create', 'namespace', name);
    return namespace;
  }

  /** One that somebody else makes. */
  static named(sandbox: Sandbox, name: string): TestNamespace {
    return new TestNamespace(name, sandboxEnv(sandbox));
  }

  kubectl(...args: string[]): Promise<string> {
    return run('kubectl', ['--namespace', this.name, ...args], {
      env: this.env,
    });
  }

  /** One pod for each image; resolves when all are ready. */
  async runPods(images: ReadonlyMap<string, string>): Promise<void> {
    const items = [...images].map(([name, image]) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'main',
            image,
            imagePullPolicy: 'IfNotPresent',
            command: ['sleep', '3600'],
          },
        ],
      },
    }));
    const list = { apiVersion: 'v1', kind: 'List', items };
    await run('kubectl', ['--namespace', this.name, 'apply', '-f', '-'], {
      env: this.env,
      input: JSON.stringify(list),
    });
    await this.kubectl(
      ...['wait', '--for=condition=Ready', '--timeout=120s', 'pods', '--all'],
    );
  }

  async remove(): Promise<void> {
    await this.kubectl(
      ...[
        'delete',
        'namespace',
        this.name,
        '--wait=false',
        '--ignore-not-found',
      ],
    );
  }
}
