import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  readFile,
  readdir,
  mkdir,
  mkdtemp,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '@nx-slipway/sandbox';
import { run } from './run';

const REPOSITORY = join(__dirname, '../../../..');
const BUILT = join(REPOSITORY, 'dist/packages/nx-slipway');
const CACHE = join(cacheFolder(process.env, homedir()), 'e2e');
const NX = '23.2.1';

/**
 * The other versions of Nx that the plugin is for, each with the @nx/devkit
 * that goes with it: the newest of 24 has another number.
 */
const OTHERS = { '22.7.12': '22.7.12', '24.0.6': '24.0.0' } as const;

export type OtherNx = keyof typeof OTHERS;

/**
 * A workspace with the packed plugin installed: what a new user has. With Nx
 * 23.2.1 one that create-nx-workspace made, with another a minimal one. Made
 * once for each state of the plugin and kept in the user's cache folder.
 * @returns its folder, which must not be written to
 */
export async function workspaceTemplate(
  tarball: string,
  nx: typeof NX | OtherNx = NX,
): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(tarball))
    .digest('hex');
  const state = `plugin-${hash.slice(0, 16)}`;
  const folder = join(CACHE, nx === NX ? state : `${state}-nx-${nx}`);
  if (!existsSync(folder)) {
    await dropTemplatesBut(state);
    const plain =
      nx === NX ? await plainWorkspace() : await minimalWorkspace(nx);
    await into(folder, async (temporary) => {
      await run('cp', ['-a', `${plain}/.`, temporary]);
      await npm(temporary, [
        'install',
        '--save-dev',
        '--prefer-offline',
        tarball,
      ]);
    });
  }
  return folder;
}

/** As a user would make it, with no question asked. */
async function plainWorkspace(): Promise<string> {
  const folder = join(CACHE, `nx-${NX}`);
  if (existsSync(folder)) return folder;
  await into(folder, async (temporary) => {
    const options = [
      '--preset=apps',
      '--workspaces=false',
      '--nxCloud=skip',
      '--interactive=false',
      '--pm=npm',
      '--formatter=prettier',
      '--aiAgents=none',
      '--analytics=false',
      '--skipGitHubPush',
    ];
    await run(
      'npx',
      ['-y', `create-nx-workspace@${NX}`, 'workspace', ...options],
      { cwd: temporary },
    );
    await run('cp', ['-a', `${temporary}/workspace/.`, temporary]);
    await rm(join(temporary, 'workspace'), { recursive: true });
  });
  return folder;
}

/**
 * Nx and its devkit alone: other packages of @nx at these versions would bring
 * further copies of nx with them.
 */
async function minimalWorkspace(nx: OtherNx): Promise<string> {
  const folder = join(CACHE, `nx-${nx}`);
  if (existsSync(folder)) return folder;
  await into(folder, async (temporary) => {
    const files = {
      'package.json': JSON.stringify({
        name: '@workspace/source',
        private: true,
        devDependencies: { '@nx/devkit': OTHERS[nx], nx },
      }),
      'nx.json': JSON.stringify({
        analytics: false,
        neverConnectToCloud: true,
      }),
      '.gitignore': 'node_modules\n.nx\ndist\n',
    };
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(temporary, name), content);
    }
    await npm(temporary, ['install', '--prefer-offline']);
  });
  return folder;
}

/** @returns the tarball of what `nx build` made */
export async function packPlugin(): Promise<string> {
  await mkdir(CACHE, { recursive: true });
  if (!existsSync(BUILT)) {
    throw new Error(
      'The plugin is not built: run npx nx build nx-slipway first.',
    );
  }
  const name = await npm(BUILT, [
    'pack',
    '--silent',
    '--pack-destination',
    CACHE,
  ]);
  return join(CACHE, name.trim());
}

async function npm(cwd: string, args: readonly string[]): Promise<string> {
  return run('npm', [...args, '--no-audit', '--no-fund'], { cwd });
}

/**
 * Makes a folder whole or not at all, so that a kill leaves no half of one.
 * Where two make it at once, the first one's is kept.
 */
async function into(
  folder: string,
  make: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = await mkdtemp(`${folder}.`);
  try {
    await make(temporary);
    await rename(temporary, folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** @param state of the plugin: what was made for others is of no use any more */
async function dropTemplatesBut(state: string): Promise<void> {
  const names = await readdir(CACHE);
  const old = names.filter(
    (name) => name.startsWith('plugin-') && !name.startsWith(state),
  );
  await Promise.all(
    old.map((name) => rm(join(CACHE, name), { recursive: true, force: true })),
  );
}
