import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { createHash } from 'node:crypto';
import { useTempFolder } from '../../../testing/temp-folder';
import type { Batch, ContainerLink, Entry, Place } from '../../types';
import { Archives } from '../archives';
import { openLink, type LinkParts } from '../link';
import { localExec } from './local-container';

/** `file TEXT`, `executable TEXT`, `link TARGET`, by paths of a tree. */
export type Tree = Readonly<Record<string, string>>;

/**
 * A container, which is the folder `app` of this machine, and a workspace beside
 * it, of which `src` stands in `app`.
 */
export function useContainer(shell: readonly string[]) {
  const folder = useTempFolder();
  const links: ContainerLink[] = [];
  afterEach(() => {
    for (const link of links.splice(0)) link.close();
  });
  const below = () => folder.at('app');
  const place = (path: string): Place => ({
    path: `${below()}/${path}`,
    below: below(),
  });
  const write = (path: string, state = 'file unknown'): Entry => ({
    ...place(path),
    source: `src/${path}`,
    state,
  });
  const open = (parts: Partial<LinkParts> = {}) => {
    const root = folder.at('workspace');
    mkdirSync(folder.at('app'), { recursive: true });
    const link = openLink({
      // Another one's processes are on this machine, too.
      place: { namespace: 'shop', pod: folder.path, container: 'web' },
      root,
      exec: localExec(shell),
      onOutput: () => undefined,
      signal: new AbortController().signal,
      now: () => performance.now(),
      archives: new Archives(root),
      ...parts,
    });
    links.push(link);
    return link;
  };
  return {
    folder,
    open,
    place,
    write,
    save: (tree: Tree) => {
      rmSync(folder.at('workspace/src'), { recursive: true, force: true });
      plant(folder.at('workspace/src'), tree);
    },
    clear: () => rmSync(below(), { recursive: true, force: true }),
    plant: (tree: Tree) => plant(below(), tree),
    look: () => look(below()),
  };
}

export const batch = (parts: Partial<Batch>): Batch => ({
  deletes: [],
  writes: [],
  runs: [],
  restart: false,
  ...parts,
});

export function stateOf(text: string): string {
  const [, kind = '', content = ''] = /^(\w+) (.*)$/s.exec(text) ?? [];
  if (kind === 'link') return text;
  return `${kind} ${createHash('sha256').update(content).digest('hex')}`;
}

function plant(root: string, tree: Tree): void {
  mkdirSync(root, { recursive: true });
  for (const [path, text] of Object.entries(tree)) {
    const [, kind = '', content = ''] = /^(\w+) (.*)$/s.exec(text) ?? [];
    const at = join(root, path);
    mkdirSync(dirname(at), { recursive: true });
    if (kind === 'link') symlinkSync(content, at);
    else {
      writeFileSync(at, content);
      chmodSync(at, kind === 'executable' ? 0o755 : 0o644);
    }
  }
}

/** What is there, by path; a folder is `folder `. */
function look(root: string, below = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(root, below))) {
    const path = join(below, name);
    const at = join(root, path);
    const stats = lstatSync(at);
    if (stats.isSymbolicLink()) found[path] = `link ${readlinkSync(at)}`;
    else if (stats.isDirectory()) {
      Object.assign(found, { [path]: 'folder ' }, look(root, path));
    } else {
      const kind = stats.mode & 0o100 ? 'executable' : 'file';
      found[path] = `${kind} ${readFileSync(at, 'utf8')}`;
    }
  }
  return found;
}

/** With the folders that it needs. */
export function withFolders(tree: Tree): Tree {
  const folders = Object.keys(tree).flatMap((path) => {
    const names = path.split('/').slice(0, -1);
    return names.map((_, index) => names.slice(0, index + 1).join('/'));
  });
  return {
    ...Object.fromEntries(folders.map((folder) => [folder, 'folder '])),
    ...tree,
  };
}
