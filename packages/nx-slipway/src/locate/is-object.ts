import type { JsonValue } from './types';

export function isObject(
  value: unknown,
): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
