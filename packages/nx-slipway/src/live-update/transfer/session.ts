import type { ExecStream } from '../../cluster';
import { mountPoint } from './mounts';
import { rootless } from './places';

/** Why a container did not take what it was given, as its tools have said. */
export interface Failure {
  /** The tool; undefined: the shell itself. */
  readonly tool?: string;
  readonly exitCode: number;
  readonly words: string;
}

export type NotBegun =
  /** The ordinal of a newer one that is there. */
  | { readonly newer: number }
  /** `uid:gid`, whose processes it would have to be one of. */
  | { readonly user: string };

export class ReceiverError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.words);
  }
}

/** Milliseconds that nothing may come, nor be taken. */
const SILENCE = 60_000;
/** Milliseconds in which what a tool has said comes, too. */
const LAST_WORDS = 300;
/** Bytes that are written at a time, so that it is seen whether they go. */
const PIECE = 64 * 1024;
/** Characters. */
const WORDS = 4096;

/** The receiver of one container, and what that container can do. */
export class Session {
  readonly missing = new Set<string>();
  readonly mounts: string[] = [];
  private readonly lines: string[] = [];
  private rest = '';
  private words = '';
  private failed?: { readonly tool: string; readonly exitCode: number };
  private wake: () => void = () => undefined;
  private end?: Error;

  /** @param root where the container's files are */
  constructor(
    private readonly stream: ExecStream,
    readonly root: string,
  ) {
    const { stdin, stdout, stderr } = stream;
    // What cannot be written is told by how it ends.
    stdin.on('error', () => undefined);
    stdout.setEncoding('utf8').on('data', (text: string) => this.read(text));
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.words = (this.words + text).slice(-WORDS);
    });
    const closed = [stdout, stderr].map(
      (output) => new Promise<void>((done) => output.once('end', done)),
    );
    const over = Promise.all([stream.ended, ...closed]);
    over.then(
      ([{ exitCode }]) => this.finish(this.failure(exitCode)),
      (error: Error) => this.finish(error),
    );
  }

  /**
   * Starts the receiver.
   * @returns why it has ended at once; undefined: it has not
   * @throws ReceiverError, and what `ended` throws
   */
  async begin(program: string): Promise<NotBegun | undefined> {
    await this.write(`${program}.\n`);
    for (;;) {
      const line = await this.next();
      if (line === 'ready') return undefined;
      const [word, rest = ''] = line.split(' ', 2);
      if (word === 'after') return { newer: Number(rest) };
      if (word === 'user') return { user: rest };
      if (word === 'missing') this.missing.add(line.slice('missing '.length));
      const point = mountPoint(line);
      if (point !== undefined) this.mounts.push(this.root + rootless(point));
    }
  }

  get hasEnded(): boolean {
    return this.end !== undefined || this.failed !== undefined;
  }

  /** @throws what the body throws: then it must be closed */
  async send(
    script: string,
    body?: Buffer | AsyncIterable<Buffer>,
  ): Promise<void> {
    this.words = '';
    await this.write(`${script}\n`);
    if (body === undefined) return;
    for await (const piece of Buffer.isBuffer(body) ? piecesOf(body) : body) {
      if (this.hasEnded) return;
      await this.write(piece);
    }
  }

  /** @throws ReceiverError, and what `ended` throws */
  async answer(): Promise<void> {
    const line = await this.next();
    if (line !== 'ok') throw new Error(`the receiver said ${line}.`);
  }

  close(): void {
    this.stream.close();
  }

  private async write(data: Buffer | string): Promise<void> {
    const { stdin } = this.stream;
    if (this.hasEnded || stdin.destroyed || stdin.write(data)) return;
    await this.woken('drain', 'close');
  }

  private async next(): Promise<string> {
    for (;;) {
      const line = this.lines.shift();
      if (line !== undefined) return line;
      if (this.end) throw this.end;
      await this.woken();
    }
  }

  /** Waits for something to come, or for stdin to say one of these. */
  private async woken(...events: string[]): Promise<void> {
    const { stdin } = this.stream;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        for (const event of events) stdin.off(event, done);
        resolve();
      };
      const timer = setTimeout(() => {
        const words = `nothing came of it for ${SILENCE / 1000} s`;
        this.finish(new ReceiverError({ exitCode: 0, tool: 'it', words }));
      }, SILENCE);
      for (const event of events) stdin.once(event, done);
      this.wake = done;
    });
  }

  private read(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, tool, code] = /^failed (\S+) (\d+)$/.exec(line) ?? [];
      if (tool === undefined) this.lines.push(line);
      else this.fail(tool, Number(code));
    }
    this.wake();
  }

  /**
   * The kubelet does not tell that a command has ended as long as it holds
   * something that nobody reads: this is not waited for.
   */
  private fail(tool: string, exitCode: number): void {
    this.failed = { tool, exitCode };
    setTimeout(() => this.finish(this.failure(exitCode)), LAST_WORDS).unref();
  }

  private finish(end: Error): void {
    this.end ??= end;
    this.wake();
  }

  private failure(exitCode: number): ReceiverError {
    const { words, failed } = this;
    return new ReceiverError({ exitCode, words: words.trim(), ...failed });
  }
}

function* piecesOf(data: Buffer): Generator<Buffer> {
  for (let at = 0; at < data.length; at += PIECE) {
    yield data.subarray(at, at + PIECE);
  }
}
