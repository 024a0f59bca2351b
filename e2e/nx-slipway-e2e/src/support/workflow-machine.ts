import {
  appendFile,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { git } from './git';
import { tryRun, type Ran } from './run';

/** That a job has for its own, and that nothing is left of. */
export class WorkflowMachine {
  readonly root: string;

  private constructor(private readonly folder: string) {
    this.root = join(folder, 'work');
  }

  static async create(): Promise<WorkflowMachine> {
    const machine = new WorkflowMachine(
      await mkdtemp(join(tmpdir(), 'slipway-job-')),
    );
    for (const name of ['home', 'temp']) await mkdir(machine.path(name));
    for (const name of ['env', 'summary']) {
      await writeFile(machine.path(name), '');
    }
    return machine;
  }

  async checkout(origin: string, sha: string, depth: number): Promise<void> {
    // By its URL: of a path git makes no shallow clone.
    const shallow = depth > 0 ? [`--depth=${depth}`] : [];
    const from = `file://${origin}`;
    await git(this.folder, 'clone', '-q', ...shallow, from, this.root);
    await git(this.root, 'checkout', '-q', sha);
  }

  readonly setEnv = (name: string, value: string): Promise<void> =>
    appendFile(this.path('env'), `${name}=${value}\n`);

  async bash(
    script: string,
    env: Readonly<Record<string, string>>,
  ): Promise<Ran> {
    const file = this.path('step.sh');
    await writeFile(file, script);
    const set = (await readFile(this.path('env'), 'utf8')).split('\n');
    const variables = set
      .map((line) => /^(\w+)=(.*)$/.exec(line) ?? [])
      .flatMap(([, name, value]) => (name ? [[name, value]] : []));
    return tryRun('bash', ['-e', file], {
      cwd: this.root,
      env: {
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_ENV: this.path('env'),
        GITHUB_STEP_SUMMARY: this.path('summary'),
        HOME: this.path('home'),
        RUNNER_TEMP: this.path('temp'),
        ...(Object.fromEntries(variables) as Record<string, string>),
        ...env,
      },
    });
  }

  summary(): Promise<string> {
    return readFile(this.path('summary'), 'utf8');
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  private path(name: string): string {
    return join(this.folder, name);
  }
}
