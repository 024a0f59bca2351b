import type { Change, JsonPath, JsonValue } from './types';

/**
 * A value with others at some of its places; what is on no path to a place is
 * the same value as before. A key that is not there is added at the end, an
 * element after the last.
 */
export function applyChanges<T>(value: T, changes: readonly Change[]): T {
  return changes.reduce<unknown>(
    (changed, change) => withAt(changed, change.path, change.value),
    value,
  ) as T;
}

function withAt(
  value: unknown,
  [key, ...rest]: JsonPath,
  wanted: JsonValue,
): unknown {
  if (key === undefined) return wanted;
  if (Array.isArray(value)) {
    const copy = [...(value as unknown[])];
    copy[Number(key)] = withAt(copy[Number(key)], rest, wanted);
    return copy;
  }
  const inner = (value ?? {}) as Readonly<Record<string, unknown>>;
  const own = Object.hasOwn(inner, key) ? inner[key] : undefined;
  return { ...inner, [key]: withAt(own, rest, wanted) };
}

/** What stands at a path; undefined: nothing does. */
export function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Readonly<Record<string | number, unknown>>)[key]
        : undefined,
    value,
  );
}
