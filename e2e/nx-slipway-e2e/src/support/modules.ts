import {
  lstat,
  mkdir,
  readdir,
  readlink,
  realpath,
  rm,
  symlink,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from './run';

/**
 * Those that ask where they lie: `nx migrate`, in a link to somewhere else,
 * takes itself for a foreign Nx and starts the workspace's, which is itself,
 * without an end. And whoever loads Nx must load that of the workspace.
 */
const OWN = /^(nx|@nx|nx-slipway)$/;

/**
 * The packages of one workspace in another: Nx and ours as hard links, all
 * others as a link each, since hard links of every file take ten thousand calls
 * more. Folders that hold several (`@scope`, `.bin`) are folders here, too, so
 * that a test may replace what is in them; files it must replace, not edit.
 */
export async function linkModules(from: string, to: string): Promise<void> {
  await linkFolder(join(from, 'node_modules'), join(to, 'node_modules'));
}

async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(to);
  const entries = await readdir(from, { withFileTypes: true });
  const own = entries.filter(({ name }) => OWN.test(name));
  if (own.length > 0) {
    const folders = own.map(({ name }) => join(from, name));
    await run('cp', ['-al', ...folders, to]);
  }
  const others = entries.filter((entry) => !own.includes(entry));
  await Promise.all(
    others.map(async (entry) => {
      // What tools keep there is each workspace's own.
      if (entry.name === '.cache') return;
      const [source, target] = [join(from, entry.name), join(to, entry.name)];
      if (/^@|^\.bin$/.test(entry.name)) return linkFolder(source, target);
      // That of .bin is relative, and true in the other folder as well.
      if (entry.isSymbolicLink()) {
        return symlink(await readlink(source), target);
      }
      return symlink(source, target);
    }),
  );
}

/**
 * All packages as hard links: for a user who may not follow the links, and
 * before npm is run in the workspace, which would change what they lead to.
 */
export async function ownModules(root: string): Promise<void> {
  const modules = join(root, 'node_modules');
  const anyLink = join(modules, 'semver');
  if (!(await lstat(anyLink)).isSymbolicLink()) return;
  const packages = dirname(await realpath(anyLink));
  await rm(modules, { recursive: true });
  await run('cp', ['-al', packages, modules]);
}
