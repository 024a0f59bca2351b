import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock';
import type { Opened, Tell } from './open-folder';
import { codeOf } from './system-error';

/** What tells that an entry is not what it was, by its name. */
type Seen = ReadonlyMap<string, string>;

interface Polled {
  readonly folder: string;
  readonly tell: Tell;
  seen: Seen;
}

/**
 * Looks at folders now and then, for want of events. Unlike chokidar, which
 * takes 13 kB for each file (measured), it sees a file of the same size and an
 * older time, and a change of the mode alone.
 */
export class Poller {
  private readonly polled = new Set<Polled>();
  private cancel: (() => void) | undefined;

  /** @param everyMs how long it rests between two looks, at least */
  constructor(
    private readonly everyMs: number,
    private readonly clock: Clock,
  ) {}

  /**
   * From now on all that changes in the folder is told, soon or late.
   * @throws Error of the system
   */
  async open(folder: string, tell: Tell): Promise<Opened> {
    const polled = { folder, tell, seen: await look(folder) };
    this.polled.add(polled);
    this.wait(this.everyMs);
    return { isRecursive: false, close: () => this.drop(polled) };
  }

  private drop(polled: Polled): void {
    this.polled.delete(polled);
    if (this.polled.size > 0) return;
    this.cancel?.();
    this.cancel = undefined;
  }

  private wait(ms: number): void {
    this.cancel ??= this.clock.after(ms, () => void this.pass());
  }

  private async pass(): Promise<void> {
    const start = this.clock.now();
    for (const polled of this.polled) await this.compare(polled);
    this.cancel = undefined;
    // Half of the time at most, however slow the disk is.
    const took = this.clock.now() - start;
    if (this.polled.size > 0) this.wait(Math.max(this.everyMs, took));
  }

  private async compare(polled: Polled): Promise<void> {
    const { folder, seen, tell } = polled;
    const now = await lookIfThere(folder);
    if (!this.polled.has(polled)) return;
    polled.seen = now;
    // What has changed may be something else: numbers of files are used again.
    for (const [name, sign] of now) {
      if (seen.get(name) !== sign) tell('rename', name);
    }
    for (const name of seen.keys()) if (!now.has(name)) tell('rename', name);
  }
}

/** A mount may be back later: until then nothing is in it. */
async function lookIfThere(folder: string): Promise<Seen> {
  try {
    return await look(folder);
  } catch (error) {
    codeOf(error);
    return new Map();
  }
}

async function look(folder: string): Promise<Seen> {
  const names = await readdir(folder);
  const signs = await Promise.all(
    names.map((name) => signOf(join(folder, name))),
  );
  const seen = new Map<string, string>();
  names.forEach((name, index) => {
    const sign = signs[index];
    if (sign !== undefined) seen.set(name, sign);
  });
  return seen;
}

/** Of a folder only which one it is: what is in it is told by its own. */
async function signOf(path: string): Promise<string | undefined> {
  try {
    const stat = await lstat(path);
    const { mode, ino, size, mtimeMs, ctimeMs } = stat;
    if (stat.isDirectory()) return `${mode} ${ino}`;
    return `${mode} ${ino} ${size} ${mtimeMs} ${ctimeMs}`;
  } catch (error) {
    codeOf(error);
    return undefined;
  }
}
