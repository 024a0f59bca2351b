import type { Place } from '../types';
import { isFar } from './mounts';
import type { Group, Packet } from './parcels';
import { byFolder, folderOf, foldersDownTo, nameOf, rootless } from './places';
import { shellWords } from './shell-words';
import type { FileSource, OpenSource } from './source';

/** What one command is given at most: the system limits it. */
const WORDS = 400;
/** Characters. */
const LONGEST = 30_000;

/** What one line of commands does, in this order. */
export interface Steps {
  /** Targets of syncs that no link may lead to. */
  readonly bases: readonly string[];
  /** What an update that broke has left. */
  readonly clean: readonly string[];
  readonly packet?: PacketSteps;
  readonly deletes: readonly Place[];
  /** Folders that are not to be there when nothing is in them any more. */
  readonly bare: readonly Place[];
  /** Whether the process starts again then: it answers a second time. */
  readonly restart: boolean;
}

/** Commands of the receiver that take a packet, and those that place it. */
export interface PacketSteps {
  readonly take: readonly string[];
  readonly put: readonly string[];
  /** The folders in which something is staged meanwhile. */
  readonly folders: readonly string[];
}

export function scriptOf(steps: Steps): string {
  const { bases, clean, packet, deletes, bare, restart } = steps;
  return [
    ...bases.map((below) => command('base', below)),
    ...inParts(clean, (words) => `clean ${words}`),
    ...(packet?.take ?? []),
    ...goneCommands(deletes),
    ...(packet?.put ?? []),
    ...bareCommands(bare),
    'echo ok >&3',
    ...(restart ? ['restart || fail restart; echo ok >&3'] : []),
  ].join('; ');
}

/** A packet as one archive. */
export function archiveSteps(
  { groups, below }: Packet,
  bytes: number,
  mounts: readonly string[],
): PacketSteps {
  const stagedIn = commonFolder(groups.map(({ folder }) => folder));
  return {
    folders: [stagedIn, ...groups.map(({ folder }) => folder)],
    take: [
      ...dirsCommands(groups, below),
      command('take', stagedIn, String(bytes)),
      ...groups.flatMap(({ links }, index) =>
        links.map(({ entry, target }) =>
          command('link', String(index), nameOf(entry), target),
        ),
      ),
    ],
    put: [
      ...groups.flatMap(({ folder, files, links }, index) => [
        command(
          'into',
          folder,
          String(index),
          isFar(folder, stagedIn, mounts) ? 'far' : 'near',
        ),
        ...inParts(
          [...files, ...links].map(({ entry }) => nameOf(entry)),
          (names) => `put ${names}`,
        ),
        'placed',
      ]),
      'clean "$staged"',
    ],
  };
}

/** A file for itself. */
export function fileSteps(
  { entry, mode }: Pick<FileSource | OpenSource, 'entry' | 'mode'>,
  bytes: number,
): PacketSteps {
  const folder = folderOf(entry);
  return {
    folders: [folder],
    take: [
      ...dirsCommands([{ folder }], entry.below),
      command('takeone', folder, String(bytes), mode),
    ],
    put: [command('putone', folder, nameOf(entry))],
  };
}

function command(name: string, ...words: readonly string[]): string {
  return `${name} ${shellWords(...words)}`;
}

/** The same command for so many words at a time. */
function inParts(
  words: readonly string[],
  make: (words: string) => string,
): string[] {
  const parts: string[][] = [];
  let length = LONGEST;
  for (const word of words) {
    if (length + word.length > LONGEST || parts.at(-1)?.length === WORDS) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push(word);
    length += word.length;
  }
  return parts.map((part) => make(shellWords(...part)));
}

/** All folders that files need, the upper ones first. */
function dirsCommands(
  groups: readonly Pick<Group, 'folder'>[],
  below: string,
): string[] {
  const needed = new Set(
    groups.flatMap(({ folder }) => foldersDownTo(folder, below)),
  );
  const base = shellWords(rootless(below));
  return needed.size === 0
    ? [`dirs ${base}`]
    : inParts([...needed], (words) => `dirs ${base} ${words}`);
}

function goneCommands(deletes: readonly Place[]): string[] {
  return commandsFor('gone', deletes, byFolder);
}

function bareCommands(folders: readonly Place[]): string[] {
  // The lower ones first.
  const lower = (a: Place, b: Place) => b.path.length - a.path.length;
  return commandsFor('bare', folders, lower);
}

function commandsFor(
  name: string,
  places: readonly Place[],
  order: (a: Place, b: Place) => number,
): string[] {
  const groups = new Map<string, Place[]>();
  for (const place of places) {
    const key = rootless(place.below);
    const group = groups.get(key);
    if (group) group.push(place);
    else groups.set(key, [place]);
  }
  return [...groups].flatMap(([below, group]) =>
    inParts(
      group.sort(order).map(({ path }) => path),
      (paths) => `${command(name, below)} ${paths}`,
    ),
  );
}

function commonFolder(folders: readonly string[]): string {
  const [first = '', ...others] = folders;
  let common = first;
  for (const folder of others) {
    while (common !== '' && !`${folder}/`.startsWith(`${common}/`)) {
      common = common.slice(0, common.lastIndexOf('/'));
    }
  }
  return common;
}
