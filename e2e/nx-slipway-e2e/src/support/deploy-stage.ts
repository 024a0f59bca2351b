import { randomBytes } from 'node:crypto';
import { ensureSandbox, sandboxEnv, type Sandbox } from '@nx-slipway/sandbox';
import type {
  Cluster,
  OpenCluster,
} from '../../../../packages/nx-slipway/src/cluster';
import {
  deploySet,
  downSet,
  planDeploy,
  type DeployOptions,
  type DeploySet,
  type DeploySystems,
  type DownOptions,
  type DownReport,
  type ObjectReport,
} from '../../../../packages/nx-slipway/src/deploy';
import { DEPLOY_OPTIONS } from '../../../../packages/nx-slipway/src/deploy/testing/options';
import { readManifests } from '../../../../packages/nx-slipway/src/manifest';
import { recordingReporter } from '../../../../packages/nx-slipway/src/testing/recording-reporter';
import { eventually } from '../../../../packages/nx-slipway/src/testing/wait';
import { openClusterAt, openSandboxCluster } from './open-cluster';
import { run } from './run';

/** Of a local cluster, and nothing is waited for. */
export const OPTIONS: DeployOptions = { ...DEPLOY_OPTIONS, isLocal: true };
const DOWN: DownOptions = {
  dryRun: false,
  deleteNamespaces: false,
  deleteData: false,
  timeout: 60_000,
  takeover: false,
};

/** An object as a manifest has it; apiVersion is v1 unless it says so. */
export interface Manifest {
  readonly kind: string;
  readonly apiVersion?: string;
  readonly metadata: { readonly name: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

export interface StoredObject {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly generation?: number;
    readonly resourceVersion: string;
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
    readonly deletionTimestamp?: string;
    readonly managedFields: {
      manager: string;
      operation: string;
      time: string;
    }[];
  };
  readonly [key: string]: unknown;
}

/** A manifest set of a test, in a namespace of its own, in this process. */
export class DeployStage {
  readonly reporter = recordingReporter();

  private constructor(
    readonly sandbox: Sandbox,
    readonly cluster: Cluster,
    /** Of the namespace, and of the project. */
    readonly name: string,
  ) {}

  /** @param topic of the spec: the namespace has random letters, too */
  static async create(topic: string): Promise<DeployStage> {
    const sandbox = await ensureSandbox();
    const cluster = await openSandboxCluster(sandbox);
    const name = `e2e-${topic}-${randomBytes(3).toString('hex')}`;
    const stage = new DeployStage(sandbox, cluster, name);
    await stage.kubectl(['create', 'namespace', name]);
    return stage;
  }

  set(manifests: readonly Manifest[], project = 'shop'): DeploySet {
    const text = manifests
      .map((each) => JSON.stringify({ apiVersion: 'v1', ...each }))
      .join('\n---\n');
    const { objects } = readManifests([{ origin: 'shop.yaml', text }]);
    return { id: this.id(project), namespace: this.name, objects };
  }

  systems(systems: Partial<DeploySystems> = {}): DeploySystems {
    return {
      cluster: this.cluster,
      reporter: this.reporter,
      signal: new AbortController().signal,
      now: () => performance.now(),
      holder: 'ann@desk pid 7 shop:deploy',
      ...systems,
    };
  }

  deploy(
    manifests: readonly Manifest[],
    options: Partial<DeployOptions> = {},
    systems: Partial<DeploySystems> = {},
  ) {
    const set = this.set(manifests);
    return deploySet(set, { ...OPTIONS, ...options }, this.systems(systems));
  }

  deployAs(project: string, manifests: readonly Manifest[]) {
    return deploySet(this.set(manifests, project), OPTIONS, this.systems());
  }

  plan(
    manifests: readonly Manifest[],
    options: Partial<DeployOptions> = {},
    systems: Partial<DeploySystems> = {},
  ) {
    const set = this.set(manifests);
    return planDeploy(set, { ...OPTIONS, ...options }, this.systems(systems));
  }

  down(
    options: Partial<DownOptions> = {},
    systems: Partial<DeploySystems> = {},
  ): Promise<DownReport> {
    return downSet(
      this.id('shop'),
      this.name,
      { ...DOWN, ...options },
      this.systems(systems),
    );
  }

  kubectl(args: readonly string[], input?: string): Promise<string> {
    return run('kubectl', ['--namespace', this.name, ...args], {
      env: sandboxEnv(this.sandbox),
      input,
    });
  }

  /** By kubectl, as somebody did it before us. */
  async applyByKubectl(
    manifests: readonly Manifest[],
    ...flags: string[]
  ): Promise<void> {
    const items = manifests.map((each) => ({ apiVersion: 'v1', ...each }));
    const list = { apiVersion: 'v1', kind: 'List', items };
    await this.kubectl(['apply', '-f', '-', ...flags], JSON.stringify(list));
  }

  /** @param what `configmap/settings` */
  async get(what: string): Promise<StoredObject> {
    const args = ['get', what, '-o', 'json', '--show-managed-fields'];
    return JSON.parse(await this.kubectl(args)) as StoredObject;
  }

  /** `kind/name` of all that is there, less what Kubernetes puts there. */
  async names(kinds: string, ...flags: string[]): Promise<string[]> {
    const out = await this.kubectl(['get', kinds, '-o', 'name', ...flags]);
    return out
      .split('\n')
      .filter((line) => line !== '' && !line.endsWith('/kube-root-ca.crt'))
      .sort();
  }

  /** The same cluster, opened anew. */
  openWith(options: Partial<OpenCluster>): Promise<Cluster> {
    return openSandboxCluster(this.sandbox, options);
  }

  /** The same cluster, asked by an account of the namespace with these rights. */
  async clusterOf(
    account: string,
    rules: readonly object[],
    options: Partial<OpenCluster> = {},
  ): Promise<Cluster> {
    const group = 'rbac.authorization.k8s.io';
    await this.applyByKubectl([
      { kind: 'ServiceAccount', metadata: { name: account } },
      {
        apiVersion: `${group}/v1`,
        kind: 'Role',
        metadata: { name: account },
        rules,
      },
      {
        apiVersion: `${group}/v1`,
        kind: 'RoleBinding',
        metadata: { name: account },
        roleRef: { apiGroup: group, kind: 'Role', name: account },
        subjects: [{ kind: 'ServiceAccount', name: account }],
      },
    ]);
    const token = (await this.kubectl(['create', 'token', account])).trim();
    return openClusterAt(this.cluster.server, token, options);
  }

  /** The same cluster, and what it has answered to each renewal of a Lease. */
  watchingRenewals(): {
    readonly cluster: Cluster;
    readonly renewals: readonly number[];
  } {
    const renewals: number[] = [];
    const request: Cluster['request'] = async (asked) => {
      const answer = await this.cluster.request(asked);
      if (asked.method === 'PUT') renewals.push(answer.status);
      return answer;
    };
    return { cluster: { ...this.cluster, request }, renewals };
  }

  /** Until it has been said. */
  async waitForLine(text: RegExp): Promise<void> {
    const { lines } = this.reporter;
    await eventually(`${text}`, () => lines.some((line) => text.test(line)));
  }

  async remove(wait = '--wait=false'): Promise<void> {
    await this.kubectl(['delete', 'namespace', this.name, wait]);
  }

  private id(project: string) {
    return { workspaceId: this.name, project, configuration: '' };
  }
}

const DEADLINE_MS = 60_000;

/** What `look` gives, once it gives something. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`never seen: ${what}`);
}

/** `Kind/name` and what has come of it. */
export function actionsOf({
  objects,
}: {
  readonly objects: readonly ObjectReport[];
}): Record<string, string> {
  return Object.fromEntries(
    objects.map(({ kind, name, action }) => [`${kind}/${name}`, action]),
  );
}

export const configMap = (name: string, data: object = {}): Manifest => ({
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

/** A Deployment whose pods need no image to be there: they are never started. */
export const deployment = (name: string, image = 'web:1'): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'main', image, imagePullPolicy: 'Never' }],
      },
    },
  },
});
