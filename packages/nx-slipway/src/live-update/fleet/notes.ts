import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { onDisk, readSmallFile, replaceFile } from '../../state';
import { formatBase, parseBase, type NotedBase } from './base-file';
import { formatLines, formatNotes, parseNotes } from './note-lines';
import { Touched } from './touched';

/**
 * What this machine remembers of the containers of one image: what they hold from
 * the start, and where they were touched, for a serve that starts again. What
 * stands in its files is not believed; then it remembers nothing.
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
  /** There are no other pods any more. */
  keep(uids: ReadonlySet<string>): void;
  /** Waits for what is being written; whoever wrote it knows whether it failed. */
  settled(): Promise<void>;
}

/** In bytes: some 100,000 files. More is no help to anybody. */
const MAX_BYTES = 32 * 1024 * 1024;

/** What has come in the place of the file is not written to. */
const APPEND =
  constants.O_WRONLY |
  constants.O_APPEND |
  ((constants.O_NOFOLLOW as number | undefined) ?? 0);

/** @param path of its files, without an end; their folder need not be there */
export async function openNotes(path: string): Promise<Notes> {
  const file = await readSmallFile(`${path}.pods`, MAX_BYTES);
  const lines = file && 'text' in file ? parseNotes(file.text) : undefined;
  return new OpenNotes(path, Touched.of(lines ?? []));
}

class OpenNotes implements Notes {
  /** What is on the disk is not all that was noted, or not ours. */
  private isTorn = true;
  private writing: Promise<void> = Promise.resolve();
  /** That begins once the one before it has ended. */
  private next?: Promise<void>;

  constructor(
    private readonly path: string,
    private readonly touched: Touched,
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
    return this.touched.knows(uid);
  }

  know(uid: string): void {
    this.touched.addPod(uid);
    // Should it fail, whoever touches the pod is told.
    if (this.touched.hasNews) this.save().catch(() => undefined);
  }

  touchedIn(uid: string, container: string): ReadonlySet<string> {
    return this.touched.in(uid, container);
  }

  touch(uid: string, container: string, places: readonly string[]) {
    this.touched.add(uid, container, places);
    if (this.touched.hasNews || this.isTorn) return this.save();
    // Another may be writing what is no news here.
    return this.next ?? this.writing;
  }

  keep(uids: ReadonlySet<string>): void {
    // On the disk they stay until something is written.
    if (this.touched.keep(uids)) this.isTorn = true;
  }

  async settled(): Promise<void> {
    await Promise.allSettled([this.next, this.writing]);
  }

  /** All that is noted by then: many containers are touched at once. */
  private save(): Promise<void> {
    this.next ??= this.writing
      // Whoever asked for that one was told.
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        this.writing = this.saveNow();
        return this.writing;
      });
    return this.next;
  }

  private saveNow(): Promise<void> {
    const path = `${this.path}.pods`;
    return onDisk(path, async () => {
      const isTorn = this.isTorn;
      // Until it has been written to its end.
      this.isTorn = true;
      const isAppended =
        !isTorn && (await append(path, formatLines(this.touched.takeNews())));
      if (!isAppended) await replaceFile(path, formatNotes(this.touched.all()));
      this.isTorn = false;
    });
  }
}

/** @returns false if the file is there no more */
async function append(path: string, text: string): Promise<boolean> {
  try {
    const handle = await open(path, APPEND);
    try {
      await handle.writeFile(text);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ELOOP'].includes(code)) return false;
    throw error;
  }
}
