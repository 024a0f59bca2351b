import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { lstat, open, readlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { explainRefusal } from '../../report';
import type { Entry } from '../types';

/** What a file of the workspace is when it is read, and so what is given. */
export type Source = FileSource | LinkSource | undefined;

export interface FileSource {
  readonly kind: 'file';
  readonly entry: Entry;
  readonly state: string;
  /** Octal, as chmod takes it: `644`. */
  readonly mode: string;
  readonly content: Buffer;
}

export interface LinkSource {
  readonly kind: 'link';
  readonly entry: Entry;
  readonly state: string;
  readonly target: string;
}

/** A link that took a file's place is none; nor does a pipe hold anybody up. */
const FLAGS =
  constants.O_RDONLY |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0);

/** Of files that are gone, or are something else by now. */
const GONE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO', 'EISDIR']);

/**
 * Reads it, and hashes what was read: it may be newer than what was planned.
 * @returns undefined if it is no file and no link any more
 * @throws SLIPWAY_E_LIVE_UPDATE if it cannot be read
 */
export function readSource(root: string, entry: Entry): Promise<Source> {
  return reading(entry, async () => {
    const path = join(root, entry.source);
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) {
      const target = await readlink(path);
      return { kind: 'link', entry, state: `link ${target}`, target };
    }
    if (!stats.isFile()) return undefined;
    return withFile(path, async (file, now) => {
      const content = await file.readFile();
      const hash = createHash('sha256').update(content).digest('hex');
      const state = `${kindOf(now)} ${hash}`;
      return { kind: 'file', entry, state, mode: modeOf(now), content };
    });
  });
}

async function withFile<T>(
  path: string,
  use: (file: FileHandle, stats: Stats) => Promise<T>,
): Promise<T | undefined> {
  const file = await open(path, FLAGS);
  try {
    const stats = await file.stat();
    return stats.isFile() ? await use(file, stats) : undefined;
  } finally {
    await file.close();
  }
}

/** Bytes. */
const PIECE = 256 * 1024;

/** A file that is sent as it is read. */
export interface OpenSource {
  readonly entry: Entry;
  readonly mode: string;
  /** Bytes: as many are sent, whatever becomes of the file meanwhile. */
  readonly size: number;
  readonly content: AsyncIterable<Buffer>;
  /** Of what was sent. */
  readonly state: () => string;
}

/**
 * Opens one that is too large to be held. Nothing remains open once `use` has
 * ended.
 * @param use is given undefined if it is no file any more
 * @throws SLIPWAY_E_LIVE_UPDATE if it cannot be read
 */
export async function openSource<T>(
  root: string,
  entry: Entry,
  use: (source: OpenSource | undefined) => Promise<T>,
): Promise<T> {
  const opened = await reading(entry, () =>
    open(join(root, entry.source), FLAGS),
  );
  if (!opened) return use(undefined);
  try {
    const stats = await opened.stat();
    if (!stats.isFile()) return await use(undefined);
    const hash = createHash('sha256');
    return await use({
      entry,
      mode: modeOf(stats),
      size: stats.size,
      content: piecesOf(opened, entry, stats.size, (piece) =>
        hash.update(piece),
      ),
      state: () => `${kindOf(stats)} ${hash.digest('hex')}`,
    });
  } finally {
    await opened.close();
  }
}

async function* piecesOf(
  file: FileHandle,
  entry: Entry,
  size: number,
  sent: (piece: Buffer) => void,
): AsyncGenerator<Buffer> {
  for (let left = size; left > 0;) {
    const piece = Buffer.alloc(Math.min(left, PIECE));
    const { bytesRead } = await refusing(entry, () =>
      file.read(piece, 0, piece.length),
    );
    // It has become shorter: zeros stand for the rest, and the state says so.
    const given = bytesRead === 0 ? piece : piece.subarray(0, bytesRead);
    sent(given);
    yield given;
    left -= given.length;
  }
}

/** As inputs/ tells them apart. */
function kindOf({ mode }: Stats): string {
  return mode & 0o100 ? 'executable' : 'file';
}

function modeOf(stats: Stats): string {
  // Windows has no such bits, and says 666.
  if (process.platform === 'win32') return '644';
  return (stats.mode & 0o777).toString(8).padStart(3, '0');
}

/** @returns undefined if it is gone */
async function reading<T>(
  entry: Entry,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await refusing(entry, read);
  } catch (error) {
    const { cause } = error as { cause?: NodeJS.ErrnoException };
    if (GONE.has(cause?.code ?? '')) return undefined;
    throw error;
  }
}

function refusing<T>({ source }: Entry, read: () => Promise<T>): Promise<T> {
  return explainRefusal(read, (said) => ({
    code: 'SLIPWAY_E_LIVE_UPDATE',
    message: `${source}, which a sync takes, could not be read: ${said}.`,
    hint: 'Make it readable for who runs nx, or let no sync take it.',
  }));
}
