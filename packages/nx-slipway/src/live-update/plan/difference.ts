import type { Content, Entry, LiveUpdate, Place } from '../types';
import { NOTHING } from './content';
import { originOf } from './mapping';

/**
 * What stands at places of a container, by path: a state, NOTHING, or undefined
 * if it is not known. A place that is not in it is empty.
 */
export type States = ReadonlyMap<string, string | undefined>;

/** What one container holds. */
export interface Holdings {
  /** What all containers of the image hold from the start. */
  readonly base: States;
  /** What has become of places in this one: wins over the base. */
  readonly touched: States;
  /** `changedPlaces` of the base and what is desired: the same for all of them. */
  readonly changed: ReadonlySet<string>;
}

/** What brings a container from what it holds to what is desired. */
export interface Difference {
  /** Done first: a folder may have to make way for a file, and the reverse. */
  readonly deletes: readonly Place[];
  readonly writes: readonly Entry[];
  /**
   * What stands afterwards at each place that it touches: more than the two
   * above, since what lies in a folder that makes way needs no delete.
   */
  readonly touches: ReadonlyMap<string, string>;
  /** The files of the workspace behind all this: they trigger runs. */
  readonly sources: ReadonlySet<string>;
}

/** The places where what is desired is not what the image holds. */
export function changedPlaces(
  base: States,
  desired: Content,
): ReadonlySet<string> {
  const changed = new Set<string>();
  for (const [path, { state }] of desired) {
    if (base.get(path) !== state) changed.add(path);
  }
  for (const path of base.keys()) {
    if (!desired.has(path)) changed.add(path);
  }
  return changed;
}

/**
 * Costs as much as has changed and was touched, however much there is. Sorted by
 * path. What was touched where no sync of now brings anything is left as it is.
 */
export function difference(
  liveUpdate: LiveUpdate,
  { base, touched, changed }: Holdings,
  desired: Content,
): Difference {
  const writes: Entry[] = [];
  const deletes: Place[] = [];
  const touches = new Map<string, string>();
  const sources = new Set<string>();
  const paths = new Set([...changed, ...touched.keys()]);
  const again = below(
    [...paths].filter((path) => heldAt(path, base, touched) === undefined),
    desired,
  );
  for (const path of [...new Set([...paths, ...again])].sort()) {
    const entry = desired.get(path);
    const held = again.has(path) ? undefined : heldAt(path, base, touched);
    if (held === (entry?.state ?? NOTHING)) continue;
    if (entry) {
      writes.push(entry);
      touches.set(path, entry.state);
      sources.add(entry.source);
      continue;
    }
    const origin = originOf(liveUpdate, path);
    if (!origin) continue;
    deletes.push(origin.place);
    touches.set(path, NOTHING);
    for (const source of origin.sources) sources.add(source);
  }
  return {
    deletes: neededDeletes(deletes, writes),
    writes,
    touches,
    sources,
  };
}

function heldAt(path: string, base: States, touched: States) {
  if (touched.has(path)) return touched.get(path);
  return base.has(path) ? base.get(path) : NOTHING;
}

/**
 * What is desired below places of which nobody knows what they are: to be
 * deleted they may be folders, and go with all that is in them.
 */
function below(unknown: readonly string[], desired: Content): Set<string> {
  const folders = new Set(unknown.filter((path) => !desired.has(path)));
  if (folders.size === 0) return folders;
  return new Set(
    [...desired.keys()].filter((path) => isBelowOne(path, folders)),
  );
}

/**
 * A folder that makes way for a file goes with all that is in it. A file that
 * makes way for a folder is deleted, before what comes into that.
 */
function neededDeletes(
  deletes: readonly Place[],
  writes: readonly Entry[],
): Place[] {
  const written = new Set(writes.map(({ path }) => path));
  return deletes.filter(({ path }) => !isBelowOne(path, written));
}

function isBelowOne(path: string, places: ReadonlySet<string>): boolean {
  let end = path.lastIndexOf('/');
  while (end > 0) {
    if (places.has(path.slice(0, end))) return true;
    end = path.lastIndexOf('/', end - 1);
  }
  return false;
}
