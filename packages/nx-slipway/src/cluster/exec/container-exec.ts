import { Readable, Writable } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { SlipwayError } from '../../report';
import { heartbeat, type Heartbeat } from '../web-socket';
import type { ExecErrors } from './exec-errors';
import type { ExecEnd, ExecStream } from './exec-stream';
import { ERROR, STDERR, STDOUT, endOfStdin, stdinFrames } from './frames';
import { exitCodeIn, statusIn } from './status';

/** Bytes that wait to be sent, or to be read. */
const WAITING = 64 * 1024;

/** A command in a container, through a WebSocket that is open. */
export class ContainerExec implements ExecStream {
  readonly stdin: Writable;
  readonly stdout = this.output();
  readonly stderr = this.output();
  private settle: (end: ExecEnd | SlipwayError) => void = () => undefined;
  readonly ended = new Promise<ExecEnd>((resolve, reject) => {
    this.settle = (end) =>
      end instanceof SlipwayError ? reject(end) : resolve(end);
  });
  private readonly heartbeat: Heartbeat;
  /** Those that take no more for now. */
  private readonly full = new Set<Readable>();
  private status = '';

  constructor(
    private readonly socket: WebSocket,
    private readonly errors: ExecErrors,
  ) {
    this.stdin = this.input();
    // It may fail before anybody looks.
    this.ended.catch(() => undefined);
    const lost = (message: string) => this.end(errors.lost(new Error(message)));
    this.heartbeat = heartbeat(socket, () => lost('it answers no more'));
    socket.on('message', (message) => this.receive(message));
    socket.on('error', (error) => this.end(errors.lost(error)));
    // 1006: without a word.
    socket.on('close', (code, reason) =>
      lost(`closed with ${code} ${reason.toString()}`.trim()),
    );
  }

  close(): void {
    this.end(this.errors.closed());
  }

  private input(): Writable {
    return new Writable({
      highWaterMark: WAITING,
      // All that waits in one: archives are written in many small pieces.
      writev: (chunks, done) => {
        const data = chunks.map(({ chunk }) => chunk as Buffer);
        this.send(stdinFrames(Buffer.concat(data)), done);
      },
      final: (done) => {
        const end = endOfStdin(this.socket.protocol);
        this.send(end ? [end] : [], done);
      },
    });
  }

  private output(): Readable {
    const stream: Readable = new Readable({
      highWaterMark: WAITING,
      read: () => this.resume(stream),
    });
    return stream.on('close', () => this.resume(stream));
  }

  /** What cannot be sent is told by the socket's own end. */
  private send(frames: readonly Buffer[], done: () => void): void {
    const last = frames.at(-1);
    if (!last) done();
    for (const frame of frames) {
      this.heartbeat.noteSent(frame.length);
      this.socket.send(frame, () => frame === last && done());
    }
  }

  private receive(message: RawData): void {
    if (!Buffer.isBuffer(message)) return;
    const [channel] = message;
    const data = message.subarray(1);
    if (channel === STDOUT) this.put(this.stdout, data);
    else if (channel === STDERR) this.put(this.stderr, data);
    else if (channel === ERROR) {
      this.status += data.toString();
      const status = statusIn(this.status);
      if (status) this.end(exitCodeIn(status) ?? this.errors.said(status));
    }
  }

  private put(stream: Readable, data: Buffer): void {
    // Each channel begins with an empty frame.
    if (data.length === 0 || stream.destroyed || stream.push(data)) return;
    this.full.add(stream);
    this.socket.pause();
  }

  private resume(stream: Readable): void {
    if (this.full.delete(stream) && this.full.size === 0) this.socket.resume();
  }

  private end(end: ExecEnd | SlipwayError): void {
    this.heartbeat.stop();
    this.socket.removeAllListeners('message');
    this.socket.terminate();
    this.stdin.destroy();
    for (const stream of [this.stdout, this.stderr]) {
      if (!stream.readableEnded) stream.push(null);
    }
    this.settle(end);
  }
}
