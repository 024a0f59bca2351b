import { statSync, type Stats } from 'node:fs';
import { isSameStamp, stampIn, stampOf, type Stamp } from './stamp';

/** A question about a path and what came of it; of a content, its hash. */
export type Look = readonly [
  question: string,
  path: string,
  answer: string,
  stamp: Stamp | null,
];

interface Question<T> {
  readonly name: string;
  /** @throws Error of the system */
  readonly ask: (path: string) => T;
  /** Equal for values that who asks can tell apart by nothing. */
  readonly answerIn: (value: T) => string;
}

/** About content, which is the same as long as the stamp is. */
interface ContentQuestion<T> extends Omit<Question<T>, 'ask'> {
  readonly ask: (path: string, stat: Stats) => T;
}

export interface Recorded<T> {
  readonly value: T;
  readonly looks: readonly Look[];
  /** Whether a question had two answers: nobody knows what the value is made of. */
  readonly isTorn: boolean;
}

interface Recording {
  readonly looks: Map<string, Look>;
  isTorn: boolean;
}

let recording: Recording | undefined;

interface Asked {
  readonly hasStamp: boolean;
  /** @throws Error of the system */
  readonly answerNow: (path: string) => string;
}

/** By their names. */
const questions = new Map<string, Asked>();

/** A way to ask the disk that can be recorded. */
export function question<T>({ name, ask, answerIn }: Question<T>) {
  const answerNow = (path: string) => answerIn(ask(path));
  questions.set(name, { hasStamp: false, answerNow });
  return (path: string): T =>
    noted(name, path, () => [ask(path), null], answerIn);
}

/** As `question`, where reading again takes longer than a look at the stamp. */
export function contentQuestion<T>(about: ContentQuestion<T>) {
  const { name, ask, answerIn } = about;
  const answerNow = (path: string) => answerIn(ask(path, statSync(path)));
  questions.set(name, { hasStamp: true, answerNow });
  return (path: string): T =>
    noted(
      name,
      path,
      () => {
        // Before the content: who writes in between is found out by its time.
        const stat = statSync(path);
        const stamp = stampIn(stat);
        return [ask(path, stat), stamp];
      },
      answerIn,
    );
}

/** Does what is done at once, no part of it later, and notes what it asks the disk. */
export function recordLooks<T>(work: () => T): Recorded<T> {
  const outer = recording;
  const own: Recording = { looks: new Map(), isTorn: false };
  recording = own;
  try {
    const value = work();
    return { value, looks: [...own.looks.values()], isTorn: own.isTorn };
  } finally {
    recording = outer;
  }
}

/**
 * Asks once more; what has the same stamp is not read again.
 * @returns the very look if so, and one of a new stamp if the answer is equal.
 *   Undefined for another answer, and for what is no look
 */
export function lookAgain(look: Look): Look | undefined {
  const [name, path, answer, stamp] = look;
  const asked = questions.get(name);
  if (!asked) return undefined;
  const now = asked.hasStamp ? stampOf(path) : null;
  if (stamp && isSameStamp(stamp, now)) return look;
  if (answerNow(asked, path) !== answer) return undefined;
  return now ? [name, path, answer, now] : look;
}

function answerNow(asked: Asked, path: string): string {
  try {
    return asked.answerNow(path);
  } catch (error) {
    return refusalIn(error);
  }
}

function noted<T>(
  name: string,
  path: string,
  ask: () => readonly [T, Stamp | null],
  answerIn: (value: T) => string,
): T {
  if (!recording) return ask()[0];
  try {
    const [value, stamp] = ask();
    note([name, path, answerIn(value), stamp], recording);
    return value;
  } catch (error) {
    note([name, path, refusalIn(error), null], recording);
    throw error;
  }
}

function note(look: Look, to: Recording): void {
  const [name, path, answer] = look;
  const key = `${name} ${path}`;
  const known = to.looks.get(key);
  if (!known) to.looks.set(key, look);
  else if (known[2] !== answer) to.isTorn = true;
}

function refusalIn(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return `refused: ${code ?? String(error)}`;
}
