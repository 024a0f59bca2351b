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
  /** Where each call that is a value stands, by what copies of it share. */
  readonly origins: WeakMap<object, string>;
}

/** A call with where it stands, and where it is to be told of. */
export interface FoundCall {
  readonly call: Call;
  readonly origin: string;
}

/** Where in the text the reader is. */
export interface Reading {
  readonly session: Session;
  readonly source: Source;
  readonly scope: Scope;
  readonly within: readonly Within[];
  /** How often each name of the file is set or changed. */
  readonly changes: ReadonlyMap<string, number>;
  /** Names whose values functions change, each with the line of one change. */
  readonly changedInside: ReadonlyMap<string, number>;
  /** Functions of the file, whose bodies are read when all names are known. */
  readonly later: Array<() => void>;
  /** To be told in the order of the text. */
  found(from: number, calls: readonly FoundCall[]): void;
}

export function tell(
  kind: Note['kind'],
  why: string,
  node: Syntax,
  { session, source }: Reading,
): void {
  session.notes.push(note(kind, why, node, source));
}

export function lineIn({ line }: Place | Syntax): string {
  return `line ${line}`;
}
