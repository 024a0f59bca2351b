import { scrub } from './scrub';

/** Not what JSON escapes, but what ends a line or moves a cursor for some. */
const UNSAFE = /[\u007f-\u009f\u2028\u2029]/g;

/** A value as JSON on one line, whatever its texts hold. */
export function jsonLine(value: object): string {
  return JSON.stringify(value).replace(UNSAFE, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/**
 * The same plain data, its texts scrubbed.
 * @param asTheyAre the keys of what programs act on, which is no secret, and of
 *   no use if `KEYCLOAK_IMAGE` takes its name for one
 */
export function withoutSecrets<T>(
  value: T,
  secrets: readonly string[],
  asTheyAre: readonly string[],
): T {
  const clean = (inner: unknown): unknown => {
    if (typeof inner === 'string') return scrub(inner, secrets);
    if (typeof inner !== 'object' || inner === null) return inner;
    if (Array.isArray(inner)) return inner.map(clean);
    const entries = Object.entries(inner).map(([key, part]) => [
      key,
      asTheyAre.includes(key) ? (part as unknown) : clean(part),
    ]);
    return Object.fromEntries(entries);
  };
  return clean(value) as T;
}
