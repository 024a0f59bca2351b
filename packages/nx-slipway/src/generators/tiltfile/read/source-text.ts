import { posix } from 'node:path';
import type { Syntax } from './syntax';
import type { Note, Place, TiltFiles } from './types';

/** Larger than any Tiltfile that a person wrote. */
const MOST_BYTES = 1024 * 1024;
export const NO_FILE = 'there is no such file';
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** One file's text, its line ends `\n`. */
export interface Source {
  readonly file: string;
  /** '' for the workspace root. */
  readonly dir: string;
  readonly text: string;
}

export type Opened = { readonly source: Source } | { readonly why: string };

/** A file's text, without a byte order mark; or why it is refused. */
export function openSource(file: string, files: TiltFiles): Opened {
  const bytes = readFrom(file, files);
  if (!bytes) return { why: NO_FILE };
  if (bytes.length > MOST_BYTES) {
    return { why: `it is larger than ${MOST_BYTES / 1024} KiB` };
  }
  try {
    const text = UTF8.decode(bytes).replace(/\r\n?/g, '\n');
    return { source: { file, dir: folderOf(file), text } };
  } catch {
    return { why: 'it is not UTF-8' };
  }
}

/** A folder, or what cannot be a path, is no file. */
function readFrom(file: string, files: TiltFiles): Uint8Array | null {
  try {
    return files.read(file);
  } catch {
    return null;
  }
}

export function folderOf(file: string): string {
  const dir = posix.dirname(file);
  return dir === '.' ? '' : dir;
}

/** What stands where, for values, calls and notes alike. */
export function written(
  node: Syntax,
  source: Source,
): { readonly place: Place; readonly text: string } {
  return { place: placeOf(node, source), text: textOf(node, source) };
}

export function placeOf({ line, column }: Syntax, { file }: Source): Place {
  return { file, line, column };
}

export function textOf({ from, to }: Syntax, { text }: Source): string {
  return text.slice(from, to);
}

/** The same for every value that a place of the text gives. */
export function originOf({ from }: Syntax, { file }: Source): string {
  return `${file}:${from}`;
}

/** The line that a node begins on, from the node on. */
export function lineOf(node: Syntax, source: Source): string {
  const end = source.text.indexOf('\n', node.from);
  return source.text.slice(node.from, end < 0 ? undefined : end).trimEnd();
}

export function note(
  kind: Note['kind'],
  why: string,
  node: Syntax,
  source: Source,
): Note {
  return {
    kind,
    why,
    place: placeOf(node, source),
    text: lineOf(node, source),
  };
}
