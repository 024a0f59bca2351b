import { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import type { SlipwayError } from '../../report';
import { heartbeat, type Heartbeat } from '../web-socket';

/** Of `v4.channel.k8s.io`, for the first port that is asked for. */
const DATA = 0;
const ERROR = 1;
const PORT_BYTES = 2;
/** Milliseconds. */
const LINGER = 5000;

/** What is said of a port that ends otherwise than by itself. */
export interface PortErrors {
  readonly lost: (cause: Error) => SlipwayError;
  /** @param text of the error channel */
  readonly said: (text: string) => SlipwayError;
}

/**
 * One connection to a port of a pod, through a WebSocket that is open. Whoever
 * reads slowly or is read slowly holds the other side up. The channels have no
 * end of their own: when this side has ended, what still comes is waited for
 * until it is silent for five seconds.
 */
export class PodPort extends Duplex {
  private readonly begun = new Set<number>();
  private readonly heartbeat: Heartbeat;
  private linger?: NodeJS.Timeout;

  constructor(
    private readonly socket: WebSocket,
    errors: PortErrors,
  ) {
    super({ allowHalfOpen: false });
    const lost = (message: string) =>
      this.destroy(errors.lost(new Error(message)));
    this.heartbeat = heartbeat(socket, () => lost('it answers no more'));
    socket.on('message', (message) => this.receive(message, errors));
    socket.on('error', (error) => this.destroy(errors.lost(error)));
    socket.on('close', (code, reason) => {
      // 1006: without a word.
      if (code === 1000) this.push(null);
      else lost(`closed with ${code} ${reason.toString()}`.trim());
    });
  }

  override _read(): void {
    if (this.socket.isPaused) this.socket.resume();
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    const frame = Buffer.allocUnsafe(chunk.length + 1);
    frame[0] = DATA;
    chunk.copy(frame, 1);
    this.heartbeat.noteSent(frame.length);
    // What cannot be sent is told by the socket's own end.
    this.socket.send(frame, () => done());
  }

  override _final(done: () => void): void {
    this.linger = setTimeout(() => this.push(null), LINGER);
    done();
  }

  override _destroy(
    error: Error | null,
    done: (error?: Error | null) => void,
  ): void {
    clearTimeout(this.linger);
    this.heartbeat.stop();
    this.socket.terminate();
    done(error);
  }

  private receive(message: RawData, { said }: PortErrors): void {
    if (this.destroyed || !Buffer.isBuffer(message)) return;
    const [channel = ERROR] = message;
    let data = message.subarray(1);
    if (!this.begun.has(channel)) {
      this.begun.add(channel);
      data = data.subarray(PORT_BYTES);
    }
    if (data.length === 0) return;
    if (channel !== DATA) this.destroy(said(data.toString()));
    else if (!this.push(data)) this.socket.pause();
    this.linger?.refresh();
  }
}
