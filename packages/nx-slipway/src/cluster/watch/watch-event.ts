import type { WatchedObject } from './watched-object';

/** One line of a watch. */
export type WatchEvent =
  | { readonly type: 'ERROR' }
  | {
      readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
      readonly object: WatchedObject;
    };

const TYPES = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'];

/**
 * @returns undefined for what is no event: a line that was cut off, which
 *   comes again on the next connection, and types of a later Kubernetes
 */
export function readEvent(line: string): WatchEvent | undefined {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { type, object } = (read ?? {}) as Record<string, unknown>;
  if (type === 'ERROR') return { type };
  const { metadata } = (object ?? {}) as { metadata?: unknown };
  const isEvent = TYPES.includes(type as string) && isObject(metadata);
  return isEvent ? (read as WatchEvent) : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
