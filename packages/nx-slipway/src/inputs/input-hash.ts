import { createHash, type Hash } from 'node:crypto';
import { createReadStream, lstat, readFile, type Stats } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { posix, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { KnownFiles } from './known-files';
import { reading } from './reading';

/** Everything beside files that decides what a build makes (design 1). */
export interface InputFacts {
  readonly command: string | readonly string[];
  /** The working directory, relative to the workspace root. */
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  /** Variables of the user's shell that the target's `inputs` name. */
  readonly envInputs: Readonly<Record<string, string | undefined>>;
  /** In its familiar form. */
  readonly ref: string;
  /** `os/arch[/variant]` */
  readonly platform: string;
  /** Where the command leaves its image, of which it makes the ref itself. */
  readonly store: string;
  /** The option `tag`. */
  readonly tag: string;
  /** The file of `outputsImageRefTo`, relative to the workspace root. */
  readonly output: string;
  /** The content ids of `imageDeps`, in their order. */
  readonly parents: readonly string[];
  readonly naming: string;
  readonly singleName: string;
  readonly pluginVersion: string;
}

/** Of one file: what Nx hashes, and the executable bit and link target too. */
export interface FileState {
  readonly path: string;
  readonly kind: 'file' | 'executable' | 'link' | 'missing';
  readonly hash: string;
}

/** What each file was, by its path below the workspace root. */
export type FileStates = Map<string, string>;

/** What goes beside a hash. */
export interface HashRun {
  /** Is told the state of each file. */
  readonly seen?: FileStates;
  /** Of earlier hashes. */
  readonly known?: KnownFiles;
}

/**
 * The paths whose states differ, or that only one of the two has, sorted; what
 * went is marked, for nobody finds it there.
 */
export function changedFiles(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  return changedPaths(before, after).map((path) =>
    after.has(path) ? path : `${path} (removed)`,
  );
}

/** The same, by their paths alone. */
export function changedPaths(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  const changed: string[] = [];
  for (const [path, state] of after) {
    if (before.get(path) !== state) changed.push(path);
  }
  for (const path of before.keys()) if (!after.has(path)) changed.push(path);
  return changed.sort();
}

// Of node:fs/promises they take twice as long: it makes an object of each file.
const statOf = promisify(lstat);
const bytesOf = promisify(readFile);

/** How many files are open at a time. */
const PARALLEL_READS = 32;

/**
 * The input hash: `sha256:<64 hex>` over each file's path, bytes, executable
 * bit and link target, and over the facts. Never over times, owners, or
 * whether or where a registry was found.
 * @param files absolute paths, sorted, each once
 * @throws SLIPWAY_E_DEPS_UNREADABLE
 */
export async function inputHash(
  root: string,
  files: readonly string[],
  facts: InputFacts,
  { seen, known }: HashRun = {},
): Promise<string> {
  const states = await statesOf(root, files, known);
  for (const state of states) seen?.set(...named(state));
  const hash = createHash('sha256').update('nx-slipway inputs 1\n');
  hash.update(factsText(facts));
  for (const { path, kind, hash: content } of states) {
    // Lengths are part of it, so that no path can pretend to be two.
    hash.update(JSON.stringify([path, kind, content]));
  }
  return `sha256:${hash.digest('hex')}`;
}

/**
 * The same of files alone, in their order.
 * @throws SLIPWAY_E_DEPS_UNREADABLE
 */
export async function fileStates(
  root: string,
  files: readonly string[],
  known?: KnownFiles,
): Promise<FileStates> {
  return new Map((await statesOf(root, files, known)).map(named));
}

function statesOf(
  root: string,
  files: readonly string[],
  known?: KnownFiles,
): Promise<FileState[]> {
  return eachInParallel(files, (file) =>
    reading(file, () => fileState(root, file, known)),
  );
}

function named({ path, kind, hash }: FileState): [string, string] {
  return [path, `${kind} ${hash}`];
}

/** Of the facts alone, hex. */
export function factsHash(facts: InputFacts): string {
  return createHash('sha256').update(factsText(facts)).digest('hex');
}

function factsText(facts: InputFacts): string {
  return JSON.stringify({
    ...facts,
    env: sorted(facts.env),
    envInputs: sorted(facts.envInputs),
  });
}

function sorted(map: Readonly<Record<string, string | undefined>>) {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));
}

async function fileState(
  root: string,
  file: string,
  known?: KnownFiles,
): Promise<FileState> {
  try {
    const stat = await statOf(file);
    const found = known?.find(file, stat);
    if (found) return found;
    const state = await stateOf(root, file, stat);
    known?.remember(file, stat, state);
    return state;
  } catch (error) {
    // It went away since the folder was listed: the second hash sees that.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { path: pathIn(root, file), kind: 'missing', hash: '' };
  }
}

async function stateOf(
  root: string,
  file: string,
  stat: Stats,
): Promise<FileState> {
  const path = pathIn(root, file);
  if (stat.isSymbolicLink()) {
    return { path, kind: 'link', hash: await readlink(file) };
  }
  const hash = await contentHash(file, stat.size);
  return { path, kind: stat.mode & 0o100 ? 'executable' : 'file', hash };
}

function pathIn(root: string, file: string): string {
  return relative(root, file).split(sep).join(posix.sep);
}

/** Larger files are read in pieces, which takes small ones twice as long. */
const WHOLE_BYTES = 256 * 1024;

async function contentHash(file: string, size: number): Promise<string> {
  const hash: Hash = createHash('sha256');
  if (size <= WHOLE_BYTES) hash.update(await bytesOf(file));
  else await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function eachInParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: PARALLEL_READS }, worker));
  return results;
}
