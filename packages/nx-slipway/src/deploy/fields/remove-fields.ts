import { holdsItself, isLeaf, type FieldSet } from './field-set';

type Json = unknown;

/**
 * A value without the fields of a set. What only holds such fields and is not
 * in the set itself stays, empty or not. A set that fits the value in no way
 * takes nothing away.
 */
export function removeFields(value: Json, fields: FieldSet): Json {
  if (Array.isArray(value)) return fromList(value, fields);
  if (!isObject(value)) return value;
  const left: Record<string, Json> = {};
  for (const [name, inner] of Object.entries(value)) {
    const set = fields[`f:${name}`];
    const rest = set ? without(inner, set) : inner;
    if (rest !== undefined) left[name] = rest;
  }
  return left;
}

function fromList(list: readonly Json[], fields: FieldSet): Json[] {
  return list.flatMap((item, index) => {
    const set = setOf(item, index, fields);
    if (!set) return [item];
    const rest = without(item, set);
    return rest === undefined ? [] : [rest];
  });
}

/** @returns undefined: nothing is left, and it was in the set itself */
function without(value: Json, set: FieldSet): Json {
  if (isLeaf(set)) return undefined;
  const rest = removeFields(value, set);
  const isEmpty =
    typeof rest === 'object' && rest !== null && Object.keys(rest).length === 0;
  return holdsItself(set) && (isEmpty || isOnlyKeys(rest, set))
    ? undefined
    : rest;
}

/** An item of a list of which nothing is left but what it is found by. */
function isOnlyKeys(rest: Json, set: FieldSet): boolean {
  if (!isObject(rest)) return false;
  return Object.keys(rest).every((name) => set[`f:${name}`] !== undefined);
}

function setOf(item: Json, index: number, fields: FieldSet) {
  const found = Object.keys(fields).find((element) =>
    isAt(element, item, index),
  );
  return found === undefined ? undefined : fields[found];
}

function isAt(element: string, item: Json, index: number): boolean {
  const kind = element.slice(0, 2);
  if (kind !== 'k:' && kind !== 'v:' && kind !== 'i:') return false;
  const told: Json = JSON.parse(element.slice(2));
  if (kind === 'i:') return told === index;
  if (kind === 'v:') return JSON.stringify(told) === JSON.stringify(item);
  return (
    isObject(item) &&
    isObject(told) &&
    Object.entries(told).every(([name, value]) => item[name] === value)
  );
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
