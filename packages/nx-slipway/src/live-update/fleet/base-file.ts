import type { FileStates } from '../../inputs';

/** The files that the image was built of which containers hold from the start. */
export interface NotedBase {
  /** The input hash. */
  readonly hash: string;
  /** A hash of all that counts beside the files. */
  readonly facts: string;
  readonly files: FileStates;
}

const STATE = /^(?:(?:file|executable) [0-9a-f]{64}|link [^\0]+|missing )$/;

export function formatBase({ hash, facts, files }: NotedBase): string {
  return `${JSON.stringify({ schema: 1, hash, facts, files: [...files] })}\n`;
}

/** @returns undefined for what is not ours, or torn */
export function parseBase(text: string): NotedBase | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { schema, facts, hash, files } = Object(value) as Record<
    string,
    unknown
  >;
  const isOurs =
    schema === 1 &&
    typeof facts === 'string' &&
    typeof hash === 'string' &&
    Array.isArray(files) &&
    files.every(isFile);
  return isOurs ? { facts, hash, files: new Map(files) } : undefined;
}

function isFile(value: unknown): value is [string, string] {
  if (!Array.isArray(value)) return false;
  const [path, state, ...more] = value as readonly unknown[];
  return (
    typeof path === 'string' &&
    typeof state === 'string' &&
    STATE.test(state) &&
    more.length === 0
  );
}
