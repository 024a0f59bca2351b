import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  readFile,
  readdir,
  mkdir,
  mkdtemp,
  rename,
  rm,
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
 * A workspace that create-nx-workspace made, with the packed plugin installed:
 * what a new user has. Made once for each state of the plugin and kept in the
 * user's cache folder.
 * @returns its folder, which must not be written to
 */
export async function workspaceTemplate(tarball: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(tarball))
    .digest('hex');
  const folder = join(CACHE, `plugin-${hash.slice(0, 16)}`);
  if (!existsSync(folder)) {
    await dropOldTemplates();
    await into(folder, async (temporary) => {
      await run('cp', ['-a', `${await plainWorkspace()}/.`, temporary]);
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

/** Makes a folder whole or not at all, so that a kill leaves no half of one. */
async function into(
  folder: string,
  make: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = await mkdtemp(`${folder}.`);
  try {
    await make(temporary);
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function dropOldTemplates(): Promise<void> {
  const names = await readdir(CACHE);
  const old = names.filter((name) => name.startsWith('plugin-'));
  await Promise.all(
    old.map((name) => rm(join(CACHE, name), { recursive: true, force: true })),
  );
}
