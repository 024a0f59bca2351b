import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { StreamScrubber } from '../../report';

/** More, in characters, than any system keeps in a pipe. */
const MAX_IN_PIPE = 1024 * 1024;

/**
 * One of a command's two streams on its way to the reporter: decoded, scrubbed,
 * and no faster than the reporter takes it.
 */
export class OutputStream {
  /** Resolves when the stream is at its end and the reporter has all of it. */
  readonly ended: Promise<void>;
  private readonly scrubber: StreamScrubber;
  private received = 0;
  private isLeft = false;
  private behind: Promise<unknown> | undefined;

  constructor(
    private readonly source: Readable,
    secrets: readonly string[],
    private readonly write: (text: string) => void | Promise<void>,
  ) {
    this.scrubber = new StreamScrubber(secrets, (text) => this.pass(text));
    source.setEncoding('utf8');
    source.on('data', (chunk: string) => this.take(chunk));
    this.ended = new Promise<void>((resolve) => source.once('close', resolve))
      .then(() => this.isLeft || this.scrubber.end())
      .then(() => this.behind)
      .then(() => undefined);
  }

  /**
   * Lets go of a stream that others hold open, after all that the pipe holds.
   * They may go on writing, and nothing waits for them.
   * @returns false if the stream was at its end
   */
  async leave(): Promise<boolean> {
    if (this.source.closed) return this.ended.then(() => false);
    const start = this.received;
    let before: number;
    do {
      before = this.received;
      await this.behind;
      await nextTurn();
    } while (this.received > before && this.received - start < MAX_IN_PIPE);
    if (this.source.closed) return this.ended.then(() => false);
    this.isLeft = true;
    this.scrubber.end();
    await this.behind;
    if (this.source instanceof Socket) this.source.unref();
    return true;
  }

  private take(chunk: string): void {
    if (this.isLeft) return;
    this.received += chunk.length;
    this.scrubber.push(chunk);
  }

  private pass(text: string): void {
    const taken = this.write(text);
    if (!taken) return;
    this.source.pause();
    const behind = Promise.all([this.behind, taken]).then(() => {
      // Others may have come since, which wait for more.
      if (this.behind !== behind) return;
      this.behind = undefined;
      this.source.resume();
    });
    this.behind = behind;
  }
}
