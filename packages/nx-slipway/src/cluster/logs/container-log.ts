import type { Readable } from 'node:stream';
import { readEntry } from './log-entry';
import { LogLines } from './log-lines';
import { LogPosition } from './log-position';
import { plainText } from './plain-text';

/** What has been read of the log of one container, started once. */
export class ContainerLog {
  /** How many lines were told. */
  told = 0;
  /** Whether there is no more of it. */
  isWhole = false;
  private readonly position: LogPosition;
  /** What the last stream ended with, in the middle of a line. */
  private rest?: string;

  /**
   * @param tail how many lines of before are wanted; none: all
   * @param before the container in whose place it came
   */
  constructor(
    readonly id: string,
    private readonly onLine: (line: string) => void,
    private readonly tail?: number,
    before?: ContainerLog,
  ) {
    this.position =
      before?.position.next() ?? new LogPosition(tail !== undefined);
  }

  /** The query of a stream that is opened now. */
  reopen(): string {
    // It comes again, whole.
    this.rest = undefined;
    const since = this.position.reopen();
    if (since !== undefined) return `&sinceTime=${encodeURIComponent(since)}`;
    return this.tail === undefined ? '' : `&tailLines=${this.tail}`;
  }

  /** Resolves when the body has come to its end. */
  async read(body: Readable): Promise<void> {
    const lines = new LogLines((line) => this.take(line));
    for await (const chunk of body) lines.push(chunk as Buffer);
    this.rest = lines.rest();
  }

  /** What it ended with needs no line end. */
  end(): void {
    this.isWhole = true;
    if (this.rest !== undefined) this.take(this.rest);
    this.rest = undefined;
  }

  private take(line: string): void {
    const entry = readEntry(line);
    if (!entry || !this.position.isNew(entry)) return;
    this.told++;
    this.onLine(plainText(entry.text));
  }
}
