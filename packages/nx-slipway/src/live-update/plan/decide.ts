import type { LiveUpdate } from '../types';
import { matches, syncOf } from './mapping';

/** Whether a change can be brought into containers, or needs a build. */
export type Decision =
  | { readonly kind: 'sync' }
  | {
      readonly kind: 'build';
      /** The file that needs it, and why: `fallBackOn "package.json"`. */
      readonly file: string;
      readonly rule: string;
    };

/** What becomes of one file that has changed. */
export type Taken =
  | { readonly kind: 'sync' | 'target' | 'run' }
  | { readonly kind: 'build'; readonly rule: string };

type Feeds = (path: string) => boolean;
const FEEDS_NONE: Feeds = () => false;

/**
 * One file that is not taken is enough for a build: it decides what the image is.
 * Of several the first by path is named.
 * @param changed paths relative to the workspace root, those that are gone too
 * @param feeds whether a file is read by the target of a sync, which brings it
 */
export function decide(
  liveUpdate: LiveUpdate,
  changed: Iterable<string>,
  feeds: Feeds = FEEDS_NONE,
): Decision {
  let first: Decision = { kind: 'sync' };
  for (const file of changed) {
    if (first.kind === 'build' && first.file < file) continue;
    const taken = takenBy(liveUpdate, file, feeds);
    if (taken.kind !== 'build') continue;
    first = { kind: 'build', file, rule: taken.rule };
  }
  return first;
}

/**
 * fallBackOn wins over every sync. Without any sync there is nothing to bring,
 * and the files are those that trigger a run, all for a run without trigger.
 */
export function takenBy(
  liveUpdate: LiveUpdate,
  file: string,
  feeds: Feeds = FEEDS_NONE,
): Taken {
  const { fallBackOn, syncs, runs } = liveUpdate;
  const rule = fallBackOn.find((one) => matches(one, file));
  if (rule) return { kind: 'build', rule: `fallBackOn "${rule.written}"` };
  if (syncOf(liveUpdate, file)) return { kind: 'sync' };
  if (feeds(file)) return { kind: 'target' };
  if (syncs.length > 0) return { kind: 'build', rule: 'no sync takes it' };
  const isRun = runs.some(
    ({ trigger }) => !trigger || trigger.some((one) => matches(one, file)),
  );
  return isRun
    ? { kind: 'run' }
    : { kind: 'build', rule: 'no run is triggered by it' };
}
