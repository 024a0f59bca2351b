import type { Target } from '../desired';
import type { LiveObject } from '../live';
import { madeBy } from '../readiness';
import { pathOf } from '../watches';
import type { Following } from './following';

type OnEvent = (event: LiveObject) => void;

/** How long an event may be there before what it is about, milliseconds. */
const EARLY_MS = 10_000;
/** Of so many objects that have been seen the last are remembered. */
const MAX_KNOWN = 2000;

interface Early {
  readonly event: LiveObject;
  readonly at: number;
}

/** Tells of the events that come about the objects of a set. */
export class EventFeed {
  private readonly listeners = new Set<OnEvent>();
  /** What was seen of each collection, by name. */
  private readonly seen = new Map<string, ReadonlyMap<string, unknown>>();
  /** Uids of the set's objects, also of those that are gone by now. */
  private readonly known = new Set<string>();
  private early: Early[] = [];

  constructor(
    private readonly following: Following,
    private readonly targets: () => readonly Target[],
    private readonly now: () => number,
  ) {}

  /** @returns what ends it */
  listen(onEvent: OnEvent): () => void {
    const listener: OnEvent = (event) => onEvent(event);
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  look(): void {
    if (this.listeners.size === 0) return;
    const at = this.now();
    const fresh = this.freshEvents().map((event) => ({ event, at }));
    const open = [...this.early, ...fresh];
    if (open.length === 0) return;
    this.learn();
    const [told, early]: [Early[], Early[]] = [[], []];
    for (const each of open) {
      const { uid = '' } = aboutOf(each.event);
      if (this.known.has(uid)) told.push(each);
      // A pod is heard of before it is seen: these are two watches.
      else if (at - each.at < EARLY_MS) early.push(each);
    }
    this.early = early;
    for (const { event } of told) {
      for (const onEvent of this.listeners) onEvent(event);
    }
  }

  private freshEvents(): LiveObject[] {
    const { watches } = this.following;
    return this.following.events().flatMap((collection) => {
      if (!watches.sees(collection)) return [];
      const path = pathOf(collection);
      const before = this.seen.get(path);
      const events = watches.all(collection);
      const versions = new Map(
        events.map(({ metadata }) => [metadata.name, metadata.resourceVersion]),
      );
      this.seen.set(path, versions);
      // What is there at first is of the time before.
      if (!before) return [];
      return events.filter(
        ({ metadata }) =>
          before.get(metadata.name) !== metadata.resourceVersion,
      );
    });
  }

  private learn(): void {
    const targets = this.targets();
    const made = this.following
      .withPods(targets)
      .flatMap(({ live, related }) => madeBy(live, related));
    const own = targets.flatMap((target) => this.following.find(target) ?? []);
    for (const { metadata } of [...own, ...made]) {
      // Put at the end, as the youngest.
      this.known.delete(`${metadata.uid}`);
      this.known.add(`${metadata.uid}`);
    }
    for (const uid of this.known) {
      if (this.known.size <= MAX_KNOWN) break;
      this.known.delete(uid);
    }
  }
}

function aboutOf({ involvedObject }: LiveObject): { readonly uid?: string } {
  return involvedObject ?? {};
}
