import type { Scope } from './scope';
import { note, type Source } from './source-text';
import type { Syntax } from './syntax';
import type { Call, Note, Place, TiltFiles, Within } from './types';

/** What one Tiltfile and all that it includes share. */
export interface Session {
  readonly files: TiltFiles;
  /** Where it was started. */
  readonly mainFile: string;
  readonly mainDir: string;
  readonly notes: Note[];
  /** Each file that was read, and its names at its end. */
  readonly read: Map<string, Scope | 'open'>;
  /** Places of which a note says what was assumed. */
  readonly told: Set<string>;
  /** Bodies of functions, for when every name of every file is known. */
  readonly later: Array<() => void>;
  /** Functions of the user's own that are being read for a call. */
  readonly making: Set<string>;
  /** How many more calls of those, and rounds of loops, are followed. */
  readonly rounds: { left: number };
  /** Where each call that is a value stands, by what copies of it share. */
  readonly origins: WeakMap<object, string>;
}

/** A call, and what each call of its place has in common. */
export interface FoundCall {
  readonly call: Call;
  readonly origin: string;
}

/** What is told of at an offset of a file: a call, or a file included there. */
export interface Found {
  readonly from: number;
  readonly what: FoundCall | readonly Found[];
}

/** Where in the text the reader is. */
export interface Reading {
  readonly session: Session;
  readonly source: Source;
  readonly scope: Scope;
  readonly within: readonly Within[];
  /** Where a function of the user's own is called, of which this is the body. */
  readonly calledAt?: Place;
  /** How often each name of the file is set or changed. */
  readonly changes: ReadonlyMap<string, number>;
  /** Names whose values functions change, each with the line of one change. */
  readonly changedInside: ReadonlyMap<string, number>;
  /** To be told in the order of the text. */
  found(from: number, what: Found['what']): void;
}

export function tell(
  kind: Note['kind'],
  why: string,
  node: Syntax,
  { session, source }: Reading,
): void {
  session.notes.push(note(kind, why, node, source));
}

/** Whether one more is to be followed, as any text must come to its end. */
export function takeRound({ rounds }: Session): boolean {
  rounds.left -= 1;
  return rounds.left >= 0;
}

export function lineIn({ line }: Place | Syntax): string {
  return `line ${line}`;
}
