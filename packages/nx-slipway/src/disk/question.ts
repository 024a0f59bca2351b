import { isSameStamp, stampOf, type Stamp } from './stamp';

/**
 * A question about a path and what came of it (of a content, its hash), as JSON
 * in a line.
 */
export type Look = string;

type Parts = readonly [
  question: string,
  path: string,
  answer: string,
  /** Of when the answer was found to be so again. */
  stamp?: Stamp,
];

interface Question<T> {
  readonly name: string;
  /** @throws Error of the system */
  readonly ask: (path: string) => T;
  /** Equal for values that who asks can tell apart by nothing. */
  readonly answerIn: (value: T) => string;
  /** Whether the answer is the same for as long as the stamp of the path is. */
  readonly isOfContent?: boolean;
}

interface Asked {
  readonly isOfContent: boolean;
  readonly answerNow: (path: string) => string;
}

/** By their names. */
const questions = new Map<string, Asked>();

let recording: Set<Look> | undefined;

/** A way to ask the disk that can be recorded. */
export function question<T>(about: Question<T>): (path: string) => T {
  const { name, ask, answerIn, isOfContent = false } = about;
  const answerNow = (path: string) => {
    try {
      return answerIn(ask(path));
    } catch (error) {
      return refusalIn(error);
    }
  };
  questions.set(name, { isOfContent, answerNow });
  return (path) => {
    if (!recording) return ask(path);
    try {
      const value = ask(path);
      recording.add(lookOf([name, path, answerIn(value)]));
      return value;
    } catch (error) {
      recording.add(lookOf([name, path, refusalIn(error)]));
      throw error;
    }
  };
}

/**
 * Does what is done at once, no part of it later, and notes what it asks the disk.
 * Of a question that had two answers both are noted, of which one will be wrong.
 */
export function recordLooks<T>(work: () => T): {
  readonly value: T;
  readonly looks: ReadonlySet<Look>;
} {
  const outer = recording;
  const looks = new Set<Look>();
  recording = looks;
  try {
    return { value: work(), looks };
  } finally {
    recording = outer;
  }
}

/**
 * Asks once more; what has the same stamp is not read again.
 * @returns the very look if so, and one of a new stamp if the answer is equal.
 *   Undefined for another answer
 * @throws Error of any kind for what is no look
 */
export function lookAgain(look: Look): Look | undefined {
  const [name, path, answer, stamp] = JSON.parse(look) as Parts;
  const asked = questions.get(name);
  if (!asked) return undefined;
  // Before the content: who writes in between is found out by its time.
  const now = asked.isOfContent ? stampOf(path) : undefined;
  if (stamp && isSameStamp(stamp, now)) return look;
  if (asked.answerNow(path) !== answer) return undefined;
  return now ? lookOf([name, path, answer, now]) : look;
}

function lookOf(parts: Parts): Look {
  return JSON.stringify(parts);
}

function refusalIn(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return `refused: ${code ?? String(error)}`;
}
