import { createHash } from 'node:crypto';
import {
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  type Dirent,
  type Stats,
} from 'node:fs';
import { question } from './question';

// Sync: a graph asks for thousands of projects, where a promise for each look
// takes ten times as long as the look.

/** Whether something is a file, a folder, a link. */
export type Entry = Pick<Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>;

/** What lies in a folder. */
export type NamedEntry = Entry & Pick<Dirent, 'name'>;

/** More is nobody's manifest, list of packages or file of rules. */
const MAX_BYTES = 64 * 1024 * 1024;

/** What lies in a folder, in any order. @throws Error of the system */
export const entriesOf = question({
  name: 'entries',
  ask: (folder): NamedEntry[] => readdirSync(folder, { withFileTypes: true }),
  answerIn: (entries) =>
    hashOf(
      entries
        .map((entry) => `${kindOf(entry)}/${entry.name}`)
        .sort()
        .join('\n'),
    ),
  isOfContent: true,
});

/**
 * @throws Error of the system; of code EISDIR for all that is no file (a pipe
 *   would be read without end), EFBIG for one of over 64 MiB
 */
export const bytesOf = question({
  name: 'bytes',
  ask: readBytes,
  answerIn: hashOf,
  isOfContent: true,
});

/** What a path leads to, or undefined where nothing is. @throws Error of the system */
export const entryAt = question({
  name: 'entry',
  ask: (path): Entry | undefined => statSync(path, { throwIfNoEntry: false }),
  answerIn: kindOf,
});

/** What stands at a path itself, which may be a link. @throws Error of the system */
export const ownEntryAt = question({
  name: 'own entry',
  ask: (path): Entry | undefined => lstatSync(path, { throwIfNoEntry: false }),
  answerIn: kindOf,
});

/** What a link says. @throws Error of the system, for what is no link, too */
export const linkAt = question({
  name: 'link',
  ask: (path) => readlinkSync(path),
  answerIn: (target) => target,
});

/** The path with no link in it. @throws Error of the system */
export const realPathOf = question({
  name: 'real path',
  ask: (path) => realpathSync.native(path),
  answerIn: (path) => path,
});

/** @throws as `bytesOf` does */
export function textOf(file: string): string {
  return bytesOf(file).toString('utf8');
}

/** Whether anything is there that can be seen. */
export function isThere(path: string): boolean {
  try {
    return entryAt(path) !== undefined;
  } catch {
    return false;
  }
}

function readBytes(file: string): Buffer {
  const stat = statSync(file);
  if (!stat.isFile()) throw refusal('EISDIR', file);
  if (stat.size > MAX_BYTES) throw refusal('EFBIG', file);
  return readFileSync(file);
}

function refusal(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code, path });
}

function kindOf(entry: Entry | undefined): string {
  if (!entry) return 'nothing';
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : 'other';
}

function hashOf(content: string | Buffer): string {
  return createHash('sha1').update(content).digest('base64');
}
