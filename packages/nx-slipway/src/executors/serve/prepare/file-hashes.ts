import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { internalModule } from '../../internal-module';

/** In milliseconds: what another's run may have been at before it wrote them. */
const LONGEST_PASS_MS = 10_000;
const SECOND_MS = 1000;

/** The hashes that are there. All in milliseconds. */
interface Known {
  readonly writtenAt: number;
  /** When the run that wrote them may have begun to hash. */
  readonly from: number;
  /** Whether no file can come to be in doubt any more. */
  isSettled: boolean;
}

/**
 * Where Nx keeps the hashes of files between runs without a daemon, each beside
 * the time of its file in whole seconds. Before Nx 24 a file that is written
 * again in the second in which it was hashed passes for unchanged, and the
 * cache answers with what was made of the former one.
 */
export class FileHashes {
  private readonly file: string | undefined;
  private known: Known | undefined;
  private lastStart: number | undefined;
  private running = 0;

  /** @param folder of what Nx remembers of the workspace; it may be unknown */
  constructor(folder: string | undefined) {
    this.file = folder && join(folder, 'nx_files.nxt');
  }

  /**
   * Runs Nx; without its hashes, if one of the files may have been written
   * after it was hashed and in the same second.
   * @param filesOf asked where it matters
   */
  async around<T>(
    filesOf: () => Promise<readonly string[]>,
    run: () => Promise<T>,
  ): Promise<T> {
    await this.dropIfInDoubt(filesOf);
    // Of runs at one time, any may be the one that writes.
    if (this.running === 0) this.lastStart = Date.now();
    this.running += 1;
    try {
      return await run();
    } finally {
      this.running -= 1;
    }
  }

  /** Nx hashes all files again. */
  async drop(): Promise<void> {
    if (this.file !== undefined) await rm(this.file, { force: true });
  }

  private async dropIfInDoubt(
    filesOf: () => Promise<readonly string[]>,
  ): Promise<void> {
    const writtenAt = this.file && (await timeOf(this.file));
    if (!writtenAt) return;
    if (this.known?.writtenAt !== writtenAt) this.known = this.seen(writtenAt);
    const { from, isSettled } = this.known;
    if (isSettled) return;
    const to = (Math.floor(writtenAt / SECOND_MS) + 1) * SECOND_MS;
    this.known.isSettled = Date.now() >= to;
    const times = Promise.all((await filesOf()).map(timeOf));
    const isInDoubt = (time = 0) => time >= from && time < to;
    if ((await times).some(isInDoubt)) await this.drop();
  }

  private seen(writtenAt: number): Known {
    const { lastStart = Infinity } = this;
    const isOurs = lastStart <= writtenAt;
    return {
      writtenAt,
      from: isOurs ? lastStart : writtenAt - LONGEST_PASS_MS,
      isSettled: false,
    };
  }
}

/** Of this process's workspace, as its Nx has it from 22.7.0 to 24.0.6. */
export const fileHashes = new FileHashes(
  internalModule<{ workspaceDataDirectory?: string }>(
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- it may not be there
    () => require('nx/src/utils/cache-directory'),
  )?.workspaceDataDirectory,
);

/** Of the last change, in milliseconds; undefined if nothing is there. */
function timeOf(file: string): Promise<number | undefined> {
  return lstat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
