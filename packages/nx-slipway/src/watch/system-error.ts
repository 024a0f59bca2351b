import { lstatSync, type Stats } from 'node:fs';

/** The code of an error of the system, as `ENOENT`. @throws any other error */
export function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return code;
}

/** Nothing is there any more, or not what was. */
export function isGone(code: string): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'].includes(code);
}

/** The system has no watch, or no way to watch, left to give. */
export function isAtLimit(code: string): boolean {
  return ['ENOSPC', 'EMFILE', 'ENFILE'].includes(code);
}

/**
 * What cannot be looked at may as well not be there.
 * @throws what is no error of the system
 */
export function unlessRefused<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    codeOf(error);
    return undefined;
  }
}

/** What stands at a path, which may be a link. */
export function ownStatOf(path: string): Stats | undefined {
  return unlessRefused(() => lstatSync(path, { throwIfNoEntry: false }));
}
