import type { Tree } from '@nx/devkit';
import { posix } from 'node:path';
import { exposedPort } from './exposed-port';
import type { BuiltImage } from './image-of';

/** What most servers listen on that leave it to nobody else. */
const USUAL = 8080;
const FILE = /(?:^|\s)(?:-f|--file)(?:=|\s+)(["']?)([^\s"']+)\1/;

export interface ContainerPort {
  readonly port: number;
  /** Where it was found; undefined where it is a guess. */
  readonly file?: string;
}

/** By the Dockerfile that the build names, else by the usual ones. */
export function containerPort(tree: Tree, image: BuiltImage): ContainerPort {
  const named = FILE.exec(image.command)?.[2];
  const files = [...(named ? [named] : []), 'Dockerfile', 'Containerfile'];
  for (const name of files) {
    const file = posix.join(image.dir, name);
    if (!tree.exists(file) || !tree.isFile(file)) continue;
    const port = exposedPort(tree.read(file, 'utf8') ?? '');
    return port === undefined ? { port: USUAL } : { port, file };
  }
  return { port: USUAL };
}
