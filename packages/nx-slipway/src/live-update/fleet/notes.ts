import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hashedName, onDisk, readSmallFile, replaceFile } from '../../state';
import { formatBase, parseBase, type NotedBase } from './base-file';
import { parsePod } from './pod-lines';
import { PodNotes } from './pod-notes';

/**
 * What this machine remembers of the containers of one image: what they hold from
 * the start, and where they were touched, for a serve that starts again. What
 * stands in its files is not believed: then it remembers nothing.
 */
export interface Notes {
  read(): Promise<NotedBase | undefined>;
  /** @throws SLIPWAY_E_STATE */
  write(base: NotedBase): Promise<void>;
  /** Whether it is known where containers of the pod were touched. */
  knows(uid: string): boolean;
  /** So far nowhere. */
  know(uid: string): void;
  /** Places, and files that runs follow; it grows with them. */
  touchedIn(uid: string, container: string): ReadonlySet<string>;
  /**
   * Resolves when it is on the disk: at once, if it has been there.
   * @throws SLIPWAY_E_STATE
   */
  touch(
    uid: string,
    container: string,
    places: readonly string[],
  ): Promise<void>;
  /** The pod is gone. */
  forget(uid: string): void;
  /** Waits for what is being written; whoever wrote it knows whether it failed. */
  settled(): Promise<void>;
}

/** In bytes: some 100,000 files. More is no help to anybody. */
const MAX_BYTES = 32 * 1024 * 1024;
/** Pods that were gone while no serve was there leave their files. */
const MOST_PODS = 100;

/**
 * Two serves may have the same open: each has pods of its own.
 * @param path of its files, without an end; nothing need be there
 */
export async function openNotes(path: string): Promise<Notes> {
  const folder = `${path}.pods`;
  const names = await newestIn(folder);
  const found = await Promise.all(names.map((name) => readPod(folder, name)));
  return new OpenNotes(path, folder, new Map(found.flat()));
}

async function readPod(
  folder: string,
  name: string,
): Promise<[string, PodNotes][]> {
  const path = join(folder, name);
  const file = await readSmallFile(path, MAX_BYTES);
  const text = file && 'text' in file ? file.text : '';
  const found = parsePod(text);
  if (!found || nameOf(found.uid) !== name) return [];
  const isWhole = text.endsWith('\n');
  return [[found.uid, new PodNotes(path, found.uid, found, isWhole)]];
}

class OpenNotes implements Notes {
  private readonly removals = new Set<Promise<void>>();

  constructor(
    private readonly path: string,
    private readonly folder: string,
    private readonly pods: Map<string, PodNotes>,
  ) {}

  async read(): Promise<NotedBase | undefined> {
    const file = await readSmallFile(`${this.path}.base`, MAX_BYTES);
    return file && 'text' in file ? parseBase(file.text) : undefined;
  }

  write(base: NotedBase): Promise<void> {
    const path = `${this.path}.base`;
    return onDisk(path, () => replaceFile(path, formatBase(base)));
  }

  knows(uid: string): boolean {
    return this.pods.has(uid);
  }

  know(uid: string): void {
    // Should it fail, whoever touches the pod is told.
    this.podOf(uid)
      .save()
      .catch(() => undefined);
  }

  touchedIn(uid: string, container: string): ReadonlySet<string> {
    return this.pods.get(uid)?.in(container) ?? new Set();
  }

  touch(uid: string, container: string, places: readonly string[]) {
    return this.podOf(uid).touch(container, places);
  }

  forget(uid: string): void {
    const pod = this.pods.get(uid);
    if (!pod) return;
    this.pods.delete(uid);
    const removal = pod
      .remove()
      // It is swept away when there are many.
      .catch(() => undefined)
      .finally(() => this.removals.delete(removal));
    this.removals.add(removal);
  }

  async settled(): Promise<void> {
    const writing = [...this.pods.values()].map((pod) => pod.settled());
    await Promise.all([...writing, ...this.removals]);
  }

  private podOf(uid: string): PodNotes {
    const path = join(this.folder, nameOf(uid));
    const pod = this.pods.get(uid) ?? new PodNotes(path, uid);
    this.pods.set(uid, pod);
    return pod;
  }
}

function nameOf(uid: string): string {
  return `${hashedName(uid)}.pod`;
}

/** The files that are there; the oldest are removed if there are many. */
async function newestIn(folder: string): Promise<string[]> {
  // Whatever the reason, nothing is remembered then.
  const names = await readdir(folder).catch((): string[] => []);
  if (names.length <= MOST_PODS) return names;
  const files = await Promise.all(
    names.map(async (name) => {
      const { mtimeMs } = await stat(join(folder, name)).catch(() => NO_STAT);
      return { name, mtimeMs };
    }),
  );
  files.sort((a, b) => b.mtimeMs - a.mtimeMs);
  for (const { name } of files.slice(MOST_PODS)) {
    await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
  return files.slice(0, MOST_PODS).map(({ name }) => name);
}

const NO_STAT = { mtimeMs: 0 };
