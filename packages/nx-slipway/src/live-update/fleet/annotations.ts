import { hasCode } from '../../report';
import { LIVE_UPDATE } from '../../settings';
import type { Goal } from './goal';
import { uidOf, type PodObject, type SeenContainer } from './pod';
import type { FleetParts } from './types';

/** So long nothing must be given before what is held is told again. */
const QUIET_MS = 1000;

/** Of what is held; it takes its time, and is asked for when it is needed. */
type Hashed = Pick<Goal, 'hash'>;

/** @returns undefined: it took none */
export function writerOf({ metadata }: PodObject): string | undefined {
  return metadata.annotations?.[LIVE_UPDATE]?.replace(/-[^-]*$/, '');
}

/** Tells everybody which pods hold other files than their images. */
export class Annotations {
  /** By uid: what a pod is told to have. */
  private readonly told = new Map<string, string>();
  /** What it is to be told. */
  private readonly wanted = new Map<string, [PodObject, Hashed]>();
  private readonly writing = new Map<string, Promise<void>>();
  private readonly said = new Set<string>();
  private isForbidden = false;
  private forget = () => {};

  constructor(
    private readonly parts: Pick<
      FleetParts,
      'annotate' | 'writer' | 'clock' | 'say'
    >,
  ) {}

  /** Before a pod is touched. Never rejects: it is told what cannot be done. */
  async first({ pod }: SeenContainer, held: Hashed): Promise<void> {
    const uid = uidOf(pod);
    const isTold = this.told.has(uid) || writerOf(pod) === this.parts.writer;
    if (isTold) return;
    const writing = this.writing.get(uid) ?? this.write(pod, held);
    this.writing.set(uid, writing);
    await writing;
    this.writing.delete(uid);
  }

  /** It holds that. It is told when there is time. */
  later({ pod }: SeenContainer, held: Hashed): void {
    this.wanted.set(uidOf(pod), [pod, held]);
    this.forget();
    this.forget = this.parts.clock.after(QUIET_MS, () => void this.tell());
  }

  /** The pod is gone. */
  drop(uid: string): void {
    this.told.delete(uid);
    this.wanted.delete(uid);
  }

  close(): void {
    this.forget();
    this.wanted.clear();
  }

  private async tell(): Promise<void> {
    const wanted = [...this.wanted];
    this.wanted.clear();
    await Promise.all(
      wanted
        .filter(([uid, [, { hash }]]) => this.told.get(uid) !== hash)
        .map(([, [pod, held]]) => this.write(pod, held)),
    );
  }

  private async write(pod: PodObject, { hash }: Hashed): Promise<void> {
    const { annotate, writer } = this.parts;
    if (this.isForbidden) return;
    try {
      await annotate(pod, `${writer}-${hash}`);
      this.told.set(uidOf(pod), hash);
    } catch (error) {
      this.isForbidden ||= hasCode(error, 'SLIPWAY_E_CLUSTER_REFUSED');
      this.warn(error);
    }
  }

  /** Once of each kind: what one pod is refused, all are. */
  private warn(error: unknown): void {
    if (hasCode(error, 'SLIPWAY_E_CANCELLED')) return;
    if (!hasCode(error, ...REFUSALS)) throw error;
    if (this.said.has(error.code)) return;
    this.said.add(error.code);
    this.parts.say.warn(
      `pods that take a live update are not annotated, so that deploy will not replace them: ${error.message}${error.hint ? ` ${error.hint}` : ''}`,
    );
  }
}

const REFUSALS = [
  'SLIPWAY_E_CLUSTER_REFUSED',
  'SLIPWAY_E_CLUSTER_FAILED',
  'SLIPWAY_E_CLUSTER_UNREACHABLE',
  'SLIPWAY_E_CONTEXT_NOT_ALLOWED',
  'SLIPWAY_E_KUBECONFIG',
] as const;
