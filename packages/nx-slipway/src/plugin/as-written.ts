import { isObject } from '../locate';

// Parts of configuration files as their users wrote them: what Nx expects, or
// nothing. Nx tells of the rest, and where it does not, it does not matter.

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function asList(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

export function asTexts(value: unknown): string[] {
  return (asList(value) ?? []).filter((one) => typeof one === 'string');
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

/** An object of what somebody reads of each of its values. */
export function asObjectOf<T>(
  value: unknown,
  read: (value: unknown) => T | undefined,
): Readonly<Record<string, T>> {
  const entries = Object.entries(asObject(value)).flatMap(([key, each]) => {
    const found = read(each);
    return found === undefined ? [] : [[key, found] as const];
  });
  return Object.fromEntries(entries);
}
