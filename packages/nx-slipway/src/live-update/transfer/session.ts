import type { ExecStream } from '../../cluster';
import { mountPoint } from './mounts';
import { BOOT } from './receiver';

/** Why a container did not take what it was given, as its tools have said. */
export interface Failure {
  /** The tool; undefined: the shell itself. */
  readonly tool?: string;
  readonly exitCode: number;
  readonly words: string;
}

export class ReceiverError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.words);
  }
}

/** Milliseconds that a tool may take once it has all that it needs. */
const SILENCE = 120_000;
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

  /** @throws ReceiverError, and what `ended` throws */
  static async open(stream: ExecStream, program: string): Promise<Session> {
    const session = new Session(stream);
    await session.write(`${program}.\n`);
    for (;;) {
      const line = await session.next();
      if (line === 'ready') return session;
      const [, tool] = /^missing (.+)$/.exec(line) ?? [];
      if (tool !== undefined) session.missing.add(tool);
      const point = mountPoint(line);
      if (point !== undefined) session.mounts.push(point);
    }
  }

  static readonly command = ['sh', '-c', BOOT];

  private constructor(private readonly stream: ExecStream) {
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

  get isOver(): boolean {
    return this.end !== undefined;
  }

  /** @throws what the body throws: then it must be closed */
  async send(
    script: string,
    body?: Buffer | AsyncIterable<Buffer>,
  ): Promise<void> {
    this.words = '';
    await this.write(`${script}\n`);
    if (body === undefined) return;
    if (Buffer.isBuffer(body)) return this.write(body);
    for await (const piece of body) {
      if (this.isOver) return;
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
    if (stdin.destroyed || stdin.write(data)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        stdin.off('drain', done).off('close', done);
        resolve();
      };
      stdin.once('drain', done).once('close', done);
    });
  }

  private read(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, tool, code] = /^failed (\S+) (\d+)$/.exec(line) ?? [];
      if (tool === undefined) this.lines.push(line);
      else this.failed = { tool, exitCode: Number(code) };
    }
    this.wake();
  }

  private async next(): Promise<string> {
    const timer = setTimeout(() => {
      this.finish(
        new ReceiverError({ exitCode: 0, words: 'it does not answer' }),
      );
      this.close();
    }, SILENCE);
    try {
      for (;;) {
        const line = this.lines.shift();
        if (line !== undefined) return line;
        if (this.end) throw this.end;
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
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
