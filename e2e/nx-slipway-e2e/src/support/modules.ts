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
 * The packages of one workspace in another, each by a link: a copy of them
 * all, even of hard links, takes a thousand times as many calls. Folders that
 * hold more than one (`@scope`, `.bin`) are folders here, too, so that a test
 * may replace what is in them.
 */
export async function linkModules(from: string, to: string): Promise<void> {
  await linkFolder(join(from, 'node_modules'), join(to, 'node_modules'));
}

async function linkFolder(from: string, to: string): Promise<void> {
  await mkdir(to);
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
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

/** For who may not follow the links: packages of the workspace's own, hard links. */
export async function copyModules(root: string): Promise<void> {
  const modules = join(root, 'node_modules');
  const nx = join(modules, 'nx');
  if (!(await lstat(nx)).isSymbolicLink()) return;
  // Any package tells where all of them are.
  const packages = dirname(await realpath(nx));
  await rm(modules, { recursive: true });
  await run('cp', ['-al', packages, modules]);
}
