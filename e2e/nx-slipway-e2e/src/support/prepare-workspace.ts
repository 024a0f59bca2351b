import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { endChild } from '@nx-slipway/sandbox';
import { commitAll } from './git';
import type { Question } from './prepare-driver';

const REPOSITORY = join(__dirname, '../../../..');

type Answer<T> =
  | { readonly answer: T; readonly error?: undefined }
  | { readonly error: { readonly code?: string; readonly message: string } };

export interface Ran {
  readonly output: string;
}

/**
 * A workspace on this repository's own packages, @nx/js among them, with an
 * image `web` of what is compiled from it and a library, and a process in it
 * that has what an executor has.
 */
export class PrepareWorkspace {
  private readonly pending = new Map<number, (answer: Answer<never>) => void>();
  private child: ChildProcess | undefined;
  private lastId = 0;
  /** What the process has printed. */
  printed = '';

  private constructor(
    readonly root: string,
    private readonly extra: Readonly<Record<string, string>>,
  ) {}

  /** Of whoever calls Nx. */
  get env(): Readonly<Record<string, string | undefined>> {
    return {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NX_DAEMON: 'false',
      NX_ISOLATE_PLUGINS: 'false',
      NX_NO_CLOUD: 'true',
      NX_CACHE_DIRECTORY: join(this.root, '.nx/cache'),
      NX_WORKSPACE_DATA_DIRECTORY: join(this.root, '.nx/workspace-data'),
      ...this.extra,
    };
  }

  static async create(env: Readonly<Record<string, string>> = {}) {
    const root = await mkdtemp(join(tmpdir(), 'slipway-e2e-'));
    const workspace = new PrepareWorkspace(root, env);
    await symlink(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
    await workspace.writeAll(FILES);
    await commitAll(root, 'all');
    return workspace;
  }

  /** @throws an error with the code of what it was answered with */
  async ask<T = void>(ask: Question['ask'], of?: string): Promise<T> {
    const id = ++this.lastId;
    const answer = new Promise<Answer<T>>((resolve) =>
      this.pending.set(id, resolve),
    );
    const question: Question = { id, ask, of };
    this.process().send(question);
    const { error, ...rest } = (await answer) as Answer<T> & { answer: T };
    if (error) throw Object.assign(new Error(error.message), error);
    return rest.answer;
  }

  async write(path: string, content: string): Promise<void> {
    const file = join(this.root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }

  read(path: string): Promise<string> {
    return readFile(join(this.root, path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /** @returns undefined until one is written there */
  numberIn(path: string): number | undefined {
    const text = this.has(path) && readFileSync(join(this.root, path), 'utf8');
    return Number(text) || undefined;
  }

  /** In which it was changed last, since 1970. */
  async secondOf(path: string): Promise<number> {
    const { mtimeMs } = await stat(join(this.root, path));
    return Math.floor(mtimeMs / 1000);
  }

  setTime(path: string, seconds: number): Promise<void> {
    return utimes(join(this.root, path), seconds, seconds);
  }

  async delete(path: string): Promise<void> {
    await rm(join(this.root, path), { recursive: true, force: true });
  }

  /** Kills the process, as `kill -9` does. */
  kill(): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  async remove(): Promise<void> {
    if (this.child) await endChild(this.child);
    // The tasks of one that was killed write for another moment.
    await rm(this.root, { recursive: true, force: true, maxRetries: 20 });
  }

  private async writeAll(files: Readonly<Record<string, unknown>>) {
    for (const [path, content] of Object.entries(files)) {
      const isText = typeof content === 'string';
      await this.write(path, isText ? content : JSON.stringify(content));
    }
  }

  private process(): ChildProcess {
    if (this.child) return this.child;
    const child = fork(
      join(REPOSITORY, 'e2e/sandbox/bootstrap.js'),
      [join(__dirname, 'prepare-driver.ts')],
      {
        cwd: this.root,
        execArgv: ['--expose-gc'],
        env: { ...this.env, ...OF_A_SERVE },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => (this.printed += String(chunk)));
    }
    child.on('message', ({ id, ...answer }: { id: number } & Answer<never>) =>
      this.pending.get(id)?.(answer),
    );
    this.child = child;
    return child;
  }
}

/** What Nx sets for a task. */
const OF_A_SERVE = {
  NX_TASK_TARGET_PROJECT: 'shop',
  NX_TASK_TARGET_TARGET: 'serve',
  NX_TASK_HASH: '1',
  OF_FILE: 'shop',
  NX_INVOCATION_ROOT_PID: String(process.pid),
  NX_STREAM_OUTPUT: 'true',
  FORCE_COLOR: 'true',
};

const tsc = (folder: string) => ({
  executor: '@nx/js:tsc',
  configurations: { production: {} },
  outputs: ['{options.outputPath}'],
  options: {
    outputPath: `dist/${folder}`,
    rootDir: '.',
    main: `${folder}/src/index.ts`,
    tsConfig: `${folder}/tsconfig.json`,
  },
});

const image = (ref: string, dependsOn: unknown[]) => ({
  executor: 'nx-slipway:custom-build',
  dependsOn,
  options: { ref, command: 'docker build -t $EXPECTED_REF .' },
});

const shell = (...commands: string[]) => ({ command: commands.join('; ') });

const library = (folder: string) => ({
  [`${folder}/package.json`]: { name: `@ws/${folder.split('/')[1]}` },
  [`${folder}/tsconfig.json`]: {
    extends: '../../tsconfig.base.json',
    include: ['src/**/*.ts'],
  },
});

const FILES: Readonly<Record<string, unknown>> = {
  'package.json': {
    name: '@ws/source',
    private: true,
    devDependencies: { nx: '23.2.1', '@nx/js': '23.2.1' },
  },
  '.gitignore': 'node_modules\n.nx\ndist\n',
  'nx.json': {
    analytics: false,
    neverConnectToCloud: true,
    namedInputs: { production: ['default', '!{projectRoot}/**/*.spec.ts'] },
    targetDefaults: {
      build: {
        cache: true,
        dependsOn: ['^build'],
        inputs: [
          'production',
          '^production',
          '{workspaceRoot}/tsconfig.*.json',
        ],
      },
    },
  },
  'tsconfig.base.json': {
    compilerOptions: {
      target: 'es2022',
      module: 'commonjs',
      moduleResolution: 'bundler',
      strict: true,
      skipLibCheck: true,
      types: [],
      paths: { '@ws/lib': ['./libs/lib/src/index.ts'] },
    },
  },
  ...library('libs/lib'),
  ...library('apps/web'),
  'libs/lib/project.json': {
    name: 'lib',
    targets: { build: tsc('libs/lib') },
  },
  'libs/lib/src/index.ts': "export const lib = 'one';\n",
  'apps/web/project.json': {
    name: 'web',
    targets: {
      build: tsc('apps/web'),
      'custom-build': image('web', ['build', 'base:custom-build']),
    },
  },
  // Docker is given what is compiled alone.
  'apps/web/.dockerignore': '*\n!dist\n',
  'apps/web/Dockerfile': 'FROM scratch\nCOPY dist /app\n',
  'apps/web/src/index.ts':
    "import { lib } from '@ws/lib';\nexport const web = lib;\n",
  // Runs always, says when it does, and as long as it is held.
  'apps/api/project.json': {
    name: 'api',
    targets: {
      codegen: shell(
        'mkdir -p dist',
        'echo begun >> dist/codegen',
        'echo said hunter22-secret, run for $NX_TASK_TARGET_PROJECT with $OF_FILE',
        'while [ -e dist/hold ]; do sleep 0.02; done',
        'echo ended >> dist/codegen',
      ),
      'custom-build': image('api', ['codegen']),
    },
  },
  'apps/api/.env': 'OF_FILE=api\n',
  'apps/shop/project.json': { name: 'shop' },
  'apps/shop/.env': 'OF_FILE=shop\n',
  'apps/worker/project.json': {
    name: 'worker',
    targets: {
      'custom-build': image('worker', ['api:codegen']),
    },
  },
  'apps/copy/project.json': {
    name: 'copy',
    targets: {
      build: {
        ...shell('mkdir -p dist/copy', 'cp apps/copy/source dist/copy'),
        outputs: ['{workspaceRoot}/dist/copy'],
      },
      'custom-build': image('copy', ['build']),
    },
  },
  'apps/slow/project.json': {
    name: 'slow',
    targets: {
      wait: shell(
        'mkdir -p dist',
        'echo $$ > dist/slow',
        'while [ ! -e dist/go ]; do sleep 0.02; done',
      ),
      'custom-build': image('slow', ['wait']),
    },
  },
  'apps/base/project.json': {
    name: 'base',
    targets: {
      all: { executor: 'nx:noop' },
      'custom-build': image('base', ['all']),
    },
  },
};
