import { cancelled } from '../../cluster';
import { Annotations, writerOf } from './annotations';
import { Container, type ContainerHost } from './container';
import { Goal } from './goal';
import { heldOf } from './held';
import type { Outcome } from './outcome';
import { PendingHold } from './pending-hold';
import { containersIn, uidOf, type PodObject, type SeenContainer } from './pod';
import type { Desired, Fleet, FleetParts, Held } from './types';
import { Verdicts } from './verdicts';

/** Keeps all containers of one image as is desired (design 2.8). */
export function openFleet(parts: FleetParts): Fleet {
  return new OpenFleet(parts);
}

class OpenFleet implements Fleet {
  private readonly sets = new Map<string, readonly PodObject[]>();
  /** By namespace, pod and name. */
  private readonly containers = new Map<string, Container>();
  /** Of pods: whether it is known what they hold. */
  private readonly isKnown = new Map<string, boolean>();
  /** Pods that were seen without the annotation. */
  private readonly clean = new Set<string>();
  private readonly pending = new Set<PendingHold>();
  private readonly annotations: Annotations;
  private readonly host: ContainerHost;
  private desired?: Desired;
  private goal?: Goal;
  private turn = 0;
  private isClosed = false;
  private readonly onAbort = () => void this.close();

  constructor(private readonly parts: FleetParts) {
    this.annotations = new Annotations(parts);
    this.host = {
      ...parts,
      annotations: this.annotations,
      verdicts: new Verdicts(parts),
      goal: () => this.goal,
      onOutcome: (container, outcome) => this.take(container, outcome),
      onEnded: (container) => this.drop(container),
    };
    parts.signal.addEventListener('abort', this.onAbort, { once: true });
    if (parts.signal.aborted) this.isClosed = true;
  }

  setPods(set: string, pods: readonly PodObject[]): void {
    if (this.isClosed) return;
    this.sets.set(set, pods);
    for (const pod of pods) {
      if (writerOf(pod) === undefined) this.clean.add(uidOf(pod));
    }
    this.look();
  }

  async hold(desired: Desired): Promise<Held> {
    if (this.isClosed) throw cancelled();
    const last = this.desired?.generation;
    this.desired = desired;
    this.turn += 1;
    this.goal = new Goal(desired, this.turn);
    this.look();
    if (last !== undefined && last !== desired.generation) this.forget();
    const all = [...this.containers.values()];
    const there = new Set(all.filter(({ isThere }) => isThere));
    const hold = new PendingHold(
      this.turn,
      there,
      this.looping(all, this.goal),
    );
    this.pending.add(hold);
    for (const container of there) container.wake();
    const held = await hold.ended;
    this.pending.delete(hold);
    if (this.isClosed) throw cancelled();
    return held;
  }

  rest(): void {
    this.goal = undefined;
    for (const hold of this.pending) hold.end();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.parts.signal.removeEventListener('abort', this.onAbort);
    this.annotations.close();
    const all = [...this.containers.values()];
    const closing = Promise.all(all.map((each) => each.close()));
    this.rest();
    await closing;
    await this.parts.notes.settled();
  }

  /** What the pods of all sets have of containers, as they are now. */
  private look(): void {
    const { desired } = this;
    if (!desired) return;
    const pods = new Map(
      [...this.sets.values()].flat().map((pod) => [uidOf(pod), pod]),
    );
    const seen = new Map(
      [...pods.values()]
        .flatMap((pod) => containersIn(pod, desired.isOurs))
        .filter(({ pod }) => this.knows(pod))
        .map((each) => [keyOf(each), each]),
    );
    for (const [key, container] of this.containers) {
      if (!seen.has(key)) container.see(undefined);
    }
    for (const [key, each] of seen) this.containerOf(key).see(each);
  }

  private containerOf(key: string): Container {
    const container = this.containers.get(key) ?? new Container(this.host);
    this.containers.set(key, container);
    return container;
  }

  /** Whether it is known what a pod holds. One of which it is not is told of. */
  private knows(pod: PodObject): boolean {
    const uid = uidOf(pod);
    const { notes, writer, onStranger } = this.parts;
    const known =
      this.isKnown.get(uid) ??
      (this.clean.has(uid) || (writerOf(pod) === writer && notes.knows(uid)));
    if (this.isKnown.has(uid)) return known;
    this.isKnown.set(uid, known);
    if (known) notes.know(uid);
    else onStranger(pod);
    return known;
  }

  private looping(all: readonly Container[], goal: Goal) {
    const looping = all.find(
      (each) => each.crashLooping !== undefined && each.lacks(goal),
    );
    return looping?.crashLooping?.place;
  }

  /** What another image left behind, once nothing is done in it. */
  private forget(): void {
    const pods = new Set([...this.sets.values()].flat().map(uidOf));
    for (const uid of [...this.clean, ...this.isKnown.keys()]) {
      if (pods.has(uid)) continue;
      this.isKnown.delete(uid);
      this.clean.delete(uid);
      this.annotations.drop(uid);
      this.parts.notes.forget(uid);
    }
    for (const [key, container] of this.containers) {
      if (container.isGone) this.containers.delete(key);
    }
  }

  private take(container: Container, outcome: Outcome): void {
    const takers = [...this.pending].filter((hold) =>
      hold.takes(container, outcome),
    );
    const isNews = takers.length === 0 && !outcome.isNothing && this.goal;
    if (isNews) this.parts.onLater(heldOf([outcome]));
  }

  private drop(container: Container): void {
    for (const hold of this.pending) hold.drops(container);
  }
}

function keyOf({ place: { namespace, pod, container } }: SeenContainer) {
  return `${namespace}/${pod}/${container}`;
}
