import {
  isPlain,
  isWithin,
  joined,
  literal,
  matches,
  mayMeet,
  type Area,
} from './areas';

/**
 * Globs of Nx below the workspace root that take out what the options leave
 * out. Nx takes them from all inputs of the target at once, so one stands only
 * where no other area holds what it takes: too few cost a build, one too many a
 * stale image.
 */
export function negationsFor(areas: readonly Area[]): string[] {
  const sound = areas.flatMap((area) =>
    negationsOf(area)
      .filter((one) =>
        areas.every(
          (other) =>
            other === area ||
            leavesOutToo(other, one) ||
            !one.globs.some((glob) => mayMeet(other, glob)),
        ),
      )
      .flatMap(({ globs }) => globs),
  );
  return [...new Set(sound)];
}

interface Negation {
  readonly globs: readonly string[];
  /** Of dockerignore, relative to `base`. */
  readonly pattern?: string;
  readonly base: string;
}

function negationsOf({ base, kind, ignore, leftOut }: Area): Negation[] {
  if (kind === 'file') return [];
  const patterns = takesBack(ignore) ? [] : ignore.map(cleaned).filter(isSame);
  return [
    ...patterns
      .filter((pattern) => pattern !== '')
      .map((pattern) => ({ base, pattern, globs: globsFor(base, pattern) })),
    ...leftOut.map((glob) => ({ base, globs: [glob] })),
  ];
}

/** What dockerignore and Nx read differently: braces, and `.` as a folder. */
const DIFFERENT = /\{|(?:^|\/)\.{1,2}(?:\/|$)/;

function isSame(pattern: string): boolean {
  return isPlain(pattern) && !DIFFERENT.test(pattern);
}

/** `!`: what an earlier pattern took is in again. */
function takesBack(ignore: readonly string[]): boolean {
  return ignore.some((pattern) => pattern.trim().startsWith('!'));
}

/** As dockerignore takes it: without slashes at its ends; a comment is none. */
function cleaned(pattern: string): string {
  const text = pattern.trim();
  return text.startsWith('#') ? '' : text.replace(/^(?:\.?\/)+|\/+$/g, '');
}

/** As files are called, and hardly ever a folder: `*.spec.ts`. */
const OF_FILES = /\*[^/]*\.\w+$/;

/** What a pattern names, and what lies below if that is a folder. */
function globsFor(base: string, pattern: string): string[] {
  const glob = joined(literal(base), pattern);
  return OF_FILES.test(pattern) ? [glob] : [glob, `${glob}/**/*`];
}

const ANYWHERE = /^\*\*\/([^/]+)$/;

/** Whether what a negation takes is no file of this area either. */
function leavesOutToo(
  { base, kind, ignore, leftOut }: Area,
  { pattern, globs: [glob = ''], base: of }: Negation,
): boolean {
  if (kind === 'file' || kind === 'either') return false;
  if (pattern === undefined) return leftOut.includes(glob);
  if (takesBack(ignore) || !ignore.map(cleaned).includes(pattern)) return false;
  if (base === of) return true;
  const name = ANYWHERE.exec(pattern)?.[1];
  if (name === undefined) return false;
  // `**/docs` of `a` takes all of `a/docs`, and of `a/docs/b` nothing for that.
  const between = isWithin(base, of) ? base.slice(of.length).split('/') : [];
  return !between.some((folder) => folder !== '' && matches(name, folder));
}
