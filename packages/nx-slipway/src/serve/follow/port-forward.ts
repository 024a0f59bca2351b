import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../../cluster';
import { hasCode, type SlipwayError } from '../../report';
import type { PortForwardEvent } from '../events';
import type { PortForwardStatus } from '../status';
import { Carried } from './carried';
import { Changes } from './changes';
import { destinationOf, type Destination, type Served } from './destination';
import type { Forward } from './forwards-of';
import { listenOnLoopback, type Loopback } from './loopback';
import { reachPod } from './reach-pod';
import { whyNotListening } from './why-not-listening';

export interface PortForwardParts {
  readonly project: string;
  readonly cluster: Pick<Cluster, 'connection'>;
  readonly onEvent: (event: PortForwardEvent) => void;
  readonly deadlines?: Partial<ForwardDeadlines>;
}

/** Milliseconds. */
export interface ForwardDeadlines {
  /** How long a connection is held while no pod takes it. */
  readonly hold: number;
  /** Before the next try to reach a pod for one that is held. */
  readonly pause: number;
  /** Before the next try of a port that is taken. */
  readonly retry: number;
}

const DEADLINES: ForwardDeadlines = { hold: 10_000, pause: 200, retry: 3000 };

type Told = Pick<PortForwardEvent, 'state' | 'pod' | 'message'>;

/**
 * One port of this machine, for as long as it lives; each connection to it goes
 * to the pod that is the newest ready one of its object then.
 */
export class PortForward {
  private served: Served = { pods: [], services: [] };
  private told?: Told;
  private loopback?: Loopback;
  /** Why it is not listened at. */
  private taken?: string;
  /** Why the pod that connections go to does not take them. */
  private refused?: { readonly uid: string; readonly message: string };
  /** Uids of pods that have answered. */
  private readonly proven = new Set<string>();
  private readonly sockets = new Set<Socket>();
  private readonly carried = new Set<Carried>();
  private readonly changes = new Changes();
  private readonly deadlines: ForwardDeadlines;
  private readonly end = new AbortController();
  private readonly listening: Promise<void>;

  /** @param after what has to be over before it listens */
  constructor(
    private readonly forward: Forward,
    private readonly parts: PortForwardParts,
    after: Promise<unknown> = Promise.resolve(),
  ) {
    this.deadlines = { ...DEADLINES, ...parts.deadlines };
    // One for each connection that is open.
    setMaxListeners(0, this.end.signal);
    this.listening = after.then(() => this.listen());
  }

  get status(): PortForwardStatus {
    const { pod } = this.told ?? {};
    return { ...this.named(), ...(pod !== undefined && { pod }) };
  }

  /** What the project has in the cluster, each time that it has changed. */
  update(served: Served): void {
    this.served = served;
    if (this.refused?.uid !== uidOf(this.destination())) {
      this.refused = undefined;
    }
    for (const each of this.carried) this.look(each);
    this.changes.tell();
    this.tell();
  }

  /** Resolves when nothing is open any more. */
  async close(): Promise<void> {
    this.end.abort();
    this.changes.tell();
    for (const socket of this.sockets) socket.destroy();
    await this.listening;
    await this.loopback?.close();
  }

  private destination(): Destination {
    return destinationOf(this.forward, this.served);
  }

  private async listen(): Promise<void> {
    const { port } = this.forward;
    const { signal } = this.end;
    while (!signal.aborted && !this.loopback) {
      try {
        this.loopback = await listenOnLoopback(port, (socket) => {
          void this.take(socket);
        });
        this.taken = undefined;
        this.tell();
      } catch (error) {
        this.taken ??= await whyNotListening(
          port,
          error as NodeJS.ErrnoException,
        );
        this.tell();
        const { retry } = this.deadlines;
        await sleep(retry, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** One connection of a client. */
  private async take(socket: Socket): Promise<void> {
    this.sockets.add(socket);
    const gone = new AbortController();
    socket.on('close', () => {
      this.sockets.delete(socket);
      gone.abort();
    });
    // It closes then.
    socket.on('error', () => undefined);
    const { cluster } = this.parts;
    const { changes, proven, deadlines, end } = this;
    const reached = await reachPod({
      ...{ cluster, changes, proven, ...deadlines },
      destination: () => this.destination(),
      signal: end.signal,
      gone: gone.signal,
    });
    if (reached && 'stream' in reached && !socket.destroyed) {
      const { stream, uid } = reached;
      stream.once('data', () => this.allow(uid));
      const carried = new Carried(socket, stream, uid, (error) => {
        this.carried.delete(carried);
        if (error) this.refuse(uid, error);
      });
      this.carried.add(carried);
      // The pod may have gone in between.
      this.look(carried);
      return;
    }
    if (reached && 'stream' in reached) reached.stream.destroy();
    if (reached && 'error' in reached) this.refuse(reached.uid, reached.error);
    socket.destroy();
  }

  private look(carried: Carried): void {
    const uid = uidOf(this.destination());
    const served = this.served.pods.find(
      ({ pod }) => pod.metadata.uid === carried.uid,
    );
    if (!served) carried.close();
    else if (!served.isReady && uid !== undefined) carried.leave();
  }

  private refuse(uid: string, error: Error): void {
    this.proven.delete(uid);
    if (this.end.signal.aborted || uid !== uidOf(this.destination())) return;
    // What was lost on the way is not the pod's doing, nor the user's.
    if (hasCode(error, 'SLIPWAY_E_CLUSTER_UNREACHABLE')) return;
    const { message, hint = '' } = error as Partial<SlipwayError>;
    this.refused = { uid, message: `${message} ${hint}`.trim() };
    this.tell();
  }

  private allow(uid: string): void {
    this.proven.add(uid);
    if (this.refused?.uid === uid) this.refused = undefined;
    this.tell();
  }

  private tell(): void {
    const next = this.now();
    if (this.end.signal.aborted || !next || isSame(next, this.told)) return;
    this.told = next;
    this.parts.onEvent({ type: 'port-forward', ...this.named(), ...next });
  }

  private now(): Told | undefined {
    const { taken, refused, loopback } = this;
    if (taken !== undefined) return { state: 'failed', message: taken };
    if (!loopback) return undefined;
    const to = this.destination();
    if (to === 'none') return { state: 'waiting' };
    if ('wrong' in to) return { state: 'failed', message: to.wrong };
    const { pod } = to;
    if (refused) return { state: 'failed', pod, message: refused.message };
    return { state: 'open', pod };
  }

  private named() {
    const { object, port } = this.forward;
    const url = `http://localhost:${port}`;
    return { project: this.parts.project, object, url };
  }
}

function uidOf(to: Destination): string | undefined {
  return to === 'none' || 'wrong' in to ? undefined : to.uid;
}

function isSame(one: Told, other: Told | undefined): boolean {
  return (
    one.state === other?.state &&
    one.pod === other.pod &&
    one.message === other.message
  );
}
