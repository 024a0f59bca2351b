import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { onDisk, replaceFile } from '../../state';
import {
  formatLines,
  formatPod,
  type PodLines,
  type TouchedLine,
} from './pod-lines';

/** What has come in the place of the file is not written to. */
const APPEND =
  constants.O_WRONLY |
  constants.O_APPEND |
  ((constants.O_NOFOLLOW as number | undefined) ?? 0);

/**
 * Where the containers of one pod were touched, and the file that says so: of one
 * pod alone, since two serves may have pods of one image.
 */
export class PodNotes {
  private readonly containers = new Map<string, Set<string>>();
  private news: TouchedLine[] = [];
  /** Whether all that was noted is on the disk, or being written. */
  private isUpToDate: boolean;
  private writing: Promise<void> = Promise.resolve();
  /** That begins once the one before it has ended. */
  private next?: Promise<void>;

  /**
   * @param found what the file says. None: there is none
   * @param isWhole whether lines can be added to it
   */
  constructor(
    private readonly path: string,
    private readonly uid: string,
    found?: PodLines,
    private isWhole = false,
  ) {
    this.isUpToDate = found !== undefined;
    for (const [container, ...places] of found?.lines ?? []) {
      this.add(container, places);
    }
  }

  /** It grows as the container is touched. */
  in(container: string): ReadonlySet<string> {
    return this.containers.get(container) ?? new Set();
  }

  /**
   * Resolves when it is on the disk: at once, if it has been there.
   * @throws SLIPWAY_E_STATE
   */
  touch(container: string, places: readonly string[]): Promise<void> {
    const added = this.add(container, places);
    if (added.length > 0) {
      this.news.push([container, ...added]);
      this.isUpToDate = false;
    }
    return this.save();
  }

  /** @throws SLIPWAY_E_STATE */
  save(): Promise<void> {
    if (this.isUpToDate) return this.next ?? this.writing;
    this.next ??= this.writing
      // Whoever asked for that one was told.
      .catch(() => undefined)
      .then(() => {
        this.next = undefined;
        this.writing = onDisk(this.path, () => this.write());
        return this.writing;
      });
    return this.next;
  }

  /** Waits for what is being written; whoever wrote it knows whether it failed. */
  async settled(): Promise<void> {
    await Promise.allSettled([this.next, this.writing]);
  }

  /** @throws SLIPWAY_E_STATE */
  async remove(): Promise<void> {
    await this.settled();
    await onDisk(this.path, () => rm(this.path, { force: true }));
  }

  /** @returns those that are new */
  private add(container: string, places: readonly string[]): string[] {
    const touched = this.containers.get(container) ?? new Set();
    this.containers.set(container, touched);
    const added = new Set(places.filter((place) => !touched.has(place)));
    for (const place of added) touched.add(place);
    return [...added];
  }

  private async write(): Promise<void> {
    const { path, isWhole } = this;
    const news = formatLines(this.news.splice(0));
    this.isUpToDate = true;
    // Until it has been written to its end.
    this.isWhole = false;
    try {
      const isAppended = isWhole && (await append(path, news));
      if (!isAppended) await replaceFile(path, formatPod(this.all()));
      this.isWhole = true;
    } catch (error) {
      this.isUpToDate = false;
      throw error;
    }
  }

  private all(): PodLines {
    const lines = [...this.containers].map(
      ([container, places]): TouchedLine => [container, ...places],
    );
    return { uid: this.uid, lines };
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
