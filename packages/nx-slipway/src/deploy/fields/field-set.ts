/**
 * Fields of an object, as the API server writes them into managedFields: a
 * tree whose keys are `f:name`, `k:{"name":"web"}` for the item of a list that
 * has these values, `v:"a"` for an item that is this value, `i:0`; `.` says
 * that the thing itself is in the set, and an empty tree that it is all there is.
 * https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/fieldpath/serialize.go
 */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

/** What is in either. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  // An empty tree is a thing, which is in the set; a tree of more says so by `.`.
  if (isLeaf(a) || isLeaf(b)) {
    if (isLeaf(a) && isLeaf(b)) return {};
    return { '.': {}, ...a, ...b };
  }
  const merged: Record<string, FieldSet> = { ...a };
  for (const [element, inner] of Object.entries(b)) {
    const other = merged[element];
    merged[element] = other ? union(other, inner) : inner;
  }
  return merged;
}

export function unionAll(sets: readonly FieldSet[]): FieldSet {
  return sets.reduce(unionOfRoots, {});
}

/** At the root an empty tree is nothing at all. */
function unionOfRoots(a: FieldSet, b: FieldSet): FieldSet {
  if (isLeaf(a)) return b;
  return isLeaf(b) ? a : union(a, b);
}

/** What is in `a` and not in `b`; undefined if there is nothing. */
export function difference(a: FieldSet, b: FieldSet): FieldSet | undefined {
  if (isLeaf(a)) return holdsItself(b) ? undefined : {};
  const rest: Record<string, FieldSet> = {};
  for (const [element, inner] of Object.entries(a)) {
    if (element === '.') {
      if (!holdsItself(b)) rest['.'] = {};
      continue;
    }
    const other = b[element];
    const left = other ? difference(inner, other) : inner;
    if (left) rest[element] = left;
  }
  return isLeaf(rest) ? undefined : rest;
}

/** Whether there is anything in both. */
export function intersects(a: FieldSet, b: FieldSet): boolean {
  if (holdsItself(a) && holdsItself(b)) return true;
  return Object.entries(a).some(([element, inner]) => {
    const other = element === '.' ? undefined : b[element];
    return other !== undefined && intersects(inner, other);
  });
}

export function isLeaf(set: FieldSet): boolean {
  return Object.keys(set).length === 0;
}

/** Whether the thing is in the set, not only things in it. */
export function holdsItself(set: FieldSet): boolean {
  return isLeaf(set) || set['.'] !== undefined;
}
