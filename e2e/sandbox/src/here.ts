import { homedir } from 'node:os';
import { cacheFolder, DEFAULT_NAME, type Layout, layoutOf } from './layout';

/** The layout of a sandbox of the user who runs this process. */
export function layoutHere(name: string = DEFAULT_NAME): Layout {
  return layoutOf(name, cacheFolder(process.env, homedir()));
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
