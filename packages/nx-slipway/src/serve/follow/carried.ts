import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Milliseconds. */
const LOOK_EVERY = 100;
/** Without a word from either side, after an answer. */
const QUIET = 300;
/** For what a client still sends to one that listens no more. */
const LAST_BYTES = 2000;

/** One connection of a client that a pod has taken. */
export class Carried {
  private lastAt = 0;
  private isAnswered = true;
  private leaving?: NodeJS.Timeout;

  /**
   * @param uid of the pod
   * @param onEnd told once, with the error if it did not end by itself
   */
  constructor(
    private readonly socket: Socket,
    private readonly stream: Duplex,
    readonly uid: string,
    onEnd: (error?: Error) => void,
  ) {
    let error: Error | undefined;
    socket.on('data', () => this.note(false));
    stream.on('data', () => this.note(true));
    socket.on('error', () => stream.destroy());
    socket.on('close', () => stream.destroy());
    stream.on('error', (cause) => (error = cause));
    stream.on('close', () => {
      clearInterval(this.leaving);
      if (stream.readableEnded || this.isQuiet) hangUp(socket);
      // A client must not take what it has for the whole.
      else socket.resetAndDestroy();
      onEnd(error);
    });
    socket.pipe(stream);
    stream.pipe(socket);
  }

  /** At once: the client is to connect anew. */
  close(): void {
    this.stream.destroy();
  }

  /**
   * As soon as it is quiet: the client would go on with a pod that another has
   * taken the place of.
   */
  leave(): void {
    this.leaving ??= setInterval(() => {
      if (this.isQuiet) this.close();
    }, LOOK_EVERY);
  }

  /** Whether nobody waits for an answer, or for more of it. */
  private get isQuiet(): boolean {
    return this.isAnswered && performance.now() - this.lastAt > QUIET;
  }

  private note(isAnswered: boolean): void {
    this.lastAt = performance.now();
    this.isAnswered = isAnswered;
  }
}

/**
 * Ends a connection so that the client has all that was sent: a socket that is
 * closed with bytes unread is reset, and that overtakes what was sent.
 */
function hangUp(socket: Socket): void {
  if (socket.destroyed) return;
  socket.end();
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), LAST_BYTES);
  socket.on('close', () => clearTimeout(timer));
}
