import type { KubeObject } from '../../manifest';
import { isFields } from './elements';
import type { FieldSet } from './field-set';
import { MANAGER, takenOver, type Managed } from './take-over';

type Json = unknown;
type Fields = Readonly<Record<string, Json>>;

/** What lists are keyed by where the manifest may leave it to the server. */
const DEFAULT_KEYS: Fields = { protocol: 'TCP' };

/**
 * Whether applying an object again would change nothing, for certain: each field
 * of it is ours in the cluster and has the same value, and no other field is
 * ours. What the server would have to say (`1000m` for `1`, a default in a
 * key) is not certain, and then it is asked.
 */
export function isSettled(
  wanted: KubeObject,
  live: KubeObject & Managed,
): boolean {
  const entries = live.metadata.managedFields ?? [];
  const ours = entries.find(
    ({ manager, operation, subresource, apiVersion }) =>
      manager === MANAGER &&
      operation === 'Apply' &&
      !subresource &&
      apiVersion === wanted.apiVersion,
  );
  if (!ours?.fieldsV1 || takenOver(entries)) return false;
  const { apiVersion: _, kind: __, metadata, ...rest } = wanted;
  // What an object is called is in no set of fields.
  const { name: ___, namespace: ____, ...others } = metadata;
  return isSame(ours.fieldsV1, { ...rest, metadata: others }, live);
}

function isSame(set: FieldSet, wanted: Json, live: Json): boolean {
  const elements = Object.keys(set).filter((element) => element !== '.');
  if (elements.length === 0) return isEqual(wanted, live);
  if (Array.isArray(wanted)) {
    return Array.isArray(live) && isSameList(set, elements, wanted, live);
  }
  if (!isFields(wanted) || !isFields(live)) return false;
  const names = Object.keys(wanted);
  return (
    names.length === elements.length &&
    names.every((name) => {
      const inner = set[`f:${name}`];
      return inner && isSame(inner, wanted[name], live[name]);
    })
  );
}

/** In the same order, too, which applying would set right. */
function isSameList(
  set: FieldSet,
  elements: readonly string[],
  wanted: readonly Json[],
  live: readonly Json[],
): boolean {
  if (elements.length !== wanted.length) return false;
  const left = new Set(elements);
  let from = 0;
  return wanted.every((item) => {
    const element = [...left].find((each) => means(each, item));
    const inner = element === undefined ? undefined : set[element];
    if (element === undefined || !inner) return false;
    left.delete(element);
    const at = live.findIndex((each, index) => {
      return index >= from && means(element, each);
    });
    from = at + 1;
    return (
      at >= 0 && (element.startsWith('v:') || isSame(inner, item, live[at]))
    );
  });
}

/** Whether an element of a set, `k:{"name":"web"}` or `v:"a"`, is that item. */
function means(element: string, item: Json): boolean {
  const told: Json = JSON.parse(element.slice(2));
  if (element.startsWith('v:')) return isEqual(told, item);
  if (!element.startsWith('k:') || !isFields(told) || !isFields(item)) {
    return false;
  }
  return Object.entries(told).every(
    ([name, value]) => (item[name] ?? DEFAULT_KEYS[name]) === value,
  );
}

function isEqual(a: Json, b: Json): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, at) => isEqual(item, b[at]));
  }
  if (!isFields(a) || !isFields(b)) return a === b;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => name in b && isEqual(a[name], b[name]))
  );
}
