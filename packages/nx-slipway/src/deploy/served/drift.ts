import type { KubeObject } from '../../manifest';
import {
  diffOf,
  holdersOf,
  keepFields,
  lostFields,
  ourEntry,
  type ManagedFields,
} from '../fields';
import type { LiveObject } from '../live';
import type { FieldChange } from '../types';

const MAX_CHANGES = 3;

/** How an object is not as it was applied. */
export interface Drifted {
  /** Another one for each change; it may hold what is secret. */
  readonly state: string;
  readonly message: string;
}

/**
 * What others have done to an object since it was applied: to the fields that we
 * have applied, that is. All else in it is theirs to write.
 * @param wanted as it was sent
 * @param applied as the server answered
 * @param now as it is
 */
export function driftOf(
  wanted: KubeObject,
  applied: LiveObject,
  now: LiveObject,
): Drifted | undefined {
  const { uid, deletionTimestamp } = now.metadata;
  if (uid !== applied.metadata.uid) {
    return drifted(`${uid}`, 'it was deleted and made anew');
  }
  if (deletionTimestamp !== undefined) return DELETED;
  const ours = ourEntry(applied);
  if (!ours || isOlder(now, applied) || isOurWrite(ours, now)) return undefined;
  const [before, after] = [applied, now].map((object) =>
    ourPart(object, wanted, ours),
  );
  const state = JSON.stringify(after);
  if (state === JSON.stringify(before)) return undefined;
  const { diff, moreChanges } = diffOf(before, after);
  if (diff.length === 0) return undefined;
  const lost = lostFields(applied, now);
  const holders = lost ? holdersOf(lost, now) : [];
  const who = holders.join(' and ') || 'somebody';
  const shown = diff.slice(0, MAX_CHANGES).map(changeInWords);
  const more = diff.length - shown.length + moreChanges;
  const rest = more > 0 ? ` and ${more} more` : '';
  return drifted(state, `${who} changed ${shown.join(', ')}${rest}`);
}

/** Of an object that is gone, or goes. */
export const DELETED: Drifted = {
  state: 'deleted',
  message: 'it was deleted',
};

export function drifted(state: string, message: string): Drifted {
  return { state, message };
}

/**
 * Whether one state of an object came before another. Versions are numbers that
 * go up, in all but servers of other APIs (KEP-5504); of these nothing is known.
 */
export function isOlder(a: LiveObject, b: LiveObject): boolean {
  const [of, than] = [a, b].map(({ metadata }) => metadata.resourceVersion);
  if (!/^\d+$/.test(of ?? '') || !/^\d+$/.test(than ?? '')) return false;
  return BigInt(of ?? 0) < BigInt(than ?? 0);
}

/**
 * Whether we have written it since, of which no answer came. The time of what we
 * own stays when others take fields from it
 * (https://kubernetes.io/docs/reference/using-api/server-side-apply/).
 */
function isOurWrite(before: ManagedFields, now: LiveObject): boolean {
  const entry = ourEntry(now);
  return entry !== undefined && entry.time !== before.time;
}

function ourPart(
  object: LiveObject,
  wanted: KubeObject,
  { fieldsV1 = {} }: ManagedFields,
): object {
  const kept = keepFields(object, fieldsV1) as object;
  // What is applied as stringData stands in data, which nobody owns then.
  const names = Object.keys(textsOf(wanted, 'stringData'));
  if (names.length === 0) return { ...kept, kind: wanted.kind };
  const data = textsOf(object, 'data');
  const secret = Object.fromEntries(names.map((name) => [name, data[name]]));
  return { ...kept, kind: wanted.kind, data: secret };
}

function textsOf(object: KubeObject, field: string): Record<string, unknown> {
  return (object[field] ?? {}) as Record<string, unknown>;
}

/** `spec.replicas from 1 to 3`; of a secret value only that it changed. */
function changeInWords({ path, from, to }: FieldChange): string {
  if (from === undefined && to === undefined) return path;
  return `${path} from ${from ?? 'nothing'} to ${to ?? 'nothing'}`;
}
