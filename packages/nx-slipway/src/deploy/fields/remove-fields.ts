import { isFields, setOfItem } from './elements';
import { holdsItself, isLeaf, type FieldSet } from './field-set';

/**
 * A value without the fields of a set. What only holds such fields and is not
 * in the set itself stays, empty or not. A set that fits the value in no way
 * takes nothing away.
 */
export function removeFields(value: unknown, fields: FieldSet): unknown {
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => {
      const set = setOfItem(fields, item, index);
      const rest = set ? without(item, set) : item;
      return rest === undefined ? [] : [rest];
    });
  }
  if (!isFields(value)) return value;
  // A key may be `__proto__`: a ConfigMap's may.
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const set = fields[`f:${name}`];
      const rest = set ? without(inner, set) : inner;
      return rest === undefined ? [] : [[name, rest]];
    }),
  );
}

/** @returns undefined: nothing is left, and it was in the set itself */
function without(value: unknown, set: FieldSet): unknown {
  if (isLeaf(set)) return undefined;
  const rest = removeFields(value, set);
  return holdsItself(set) && isOnlyKeys(rest, set) ? undefined : rest;
}

/** Nothing is left, or of an item of a list only what it is found by. */
function isOnlyKeys(rest: unknown, set: FieldSet): boolean {
  if (Array.isArray(rest)) return rest.length === 0;
  if (!isFields(rest)) return false;
  return Object.keys(rest).every((name) => set[`f:${name}`] !== undefined);
}
