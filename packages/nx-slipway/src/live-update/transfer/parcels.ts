import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from '../types';
import { byFolder, folderOf, nameOf } from './places';
import {
  readSource,
  type FileSource,
  type LinkSource,
  type Source,
} from './source';
import { tarOf } from './tar-of';

/** Bytes of files that are held at once, for each container at most. */
const HELD = 1024 * 1024;
/** Of files, so that a line of commands has an end. */
const COUNT = 1000;
/** Files that are open at a time. */
const OPEN = 32;

/** What is given at once, of one sync. */
export type Parcel = LargeParcel | SmallParcel;

/** A file that is not held, but read for each container. */
export interface LargeParcel {
  readonly kind: 'large';
  readonly entry: Entry;
}

export interface SmallParcel {
  readonly kind: 'small';
  readonly entries: readonly Entry[];
}

/** Files that go into one folder. */
export interface Group {
  readonly folder: string;
  readonly files: FileSource[];
  readonly links: LinkSource[];
}

/** A small parcel that has been read. */
export interface Packet {
  readonly below: string;
  /** A file of the archive has the index of its group for its folder. */
  readonly groups: readonly Group[];
  readonly states: ReadonlyMap<string, string | undefined>;
  /** Bytes of all files. */
  readonly size: number;
  /** Of all files; made when it is first asked for. */
  readonly archive: () => Promise<Buffer>;
}

/** Parts writes by how large the files are now, each folder's together. */
export async function parcelsOf(
  root: string,
  writes: readonly Entry[],
): Promise<Parcel[]> {
  const parcels: Parcel[] = [];
  let entries: Entry[] = [];
  let held = 0;
  const close = () => {
    if (entries.length > 0) parcels.push({ kind: 'small', entries });
    entries = [];
    held = 0;
  };
  const sorted = [...writes].sort(byFolder);
  const sizes = await Promise.all(
    sorted.map(({ source }) => sizeOf(join(root, source))),
  );
  sorted.forEach((entry, index) => {
    const size = sizes[index] ?? 0;
    if (size > HELD) {
      parcels.push({ kind: 'large', entry });
      return;
    }
    const isOther = entries.at(-1)?.below !== entry.below;
    if (isOther || held + size > HELD || entries.length === COUNT) close();
    entries.push(entry);
    held += size;
  });
  close();
  return parcels;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).size;
  } catch {
    // What is wrong with it is told when it is read.
    return 0;
  }
}

/** @throws SLIPWAY_E_LIVE_UPDATE if a file cannot be read */
export async function packetOf(
  root: string,
  { entries }: SmallParcel,
): Promise<Packet> {
  const sources: Source[] = [];
  for (let from = 0; from < entries.length; from += OPEN) {
    const some = entries.slice(from, from + OPEN);
    sources.push(
      ...(await Promise.all(some.map((entry) => readSource(root, entry)))),
    );
  }
  const states = new Map(
    entries.map(({ path }, index) => [path, sources[index]?.state]),
  );
  const groups = new Map<string, Group>();
  let size = 0;
  for (const source of sources) {
    if (!source) continue;
    const folder = folderOf(source.entry);
    const group = groups.get(folder) ?? { folder, files: [], links: [] };
    groups.set(folder, group);
    if (source.kind === 'link') group.links.push(source);
    else {
      group.files.push(source);
      size += source.content.length;
    }
  }
  const all = [...groups.values()];
  let archive: Promise<Buffer> | undefined;
  return {
    below: entries[0]?.below ?? '/',
    groups: all,
    states,
    size,
    archive: () => (archive ??= tarOf(all.flatMap(packedOf))),
  };
}

function packedOf({ files }: Group, index: number) {
  return files.map(({ entry, mode, content }) => ({
    name: `${index}/${nameOf(entry)}`,
    mode,
    content,
  }));
}
