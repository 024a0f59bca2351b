import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { formatOwner, parseOwner, type Owner } from './owner';
import { readSmallFile } from './read-small-file';
import { TOUCH_MS } from './vigil';

/**
 * A file in the folder of a lock. Its name says all that the lock depends on;
 * what is in it is for people, but for notes.
 */
export interface ClaimFile {
  readonly name: string;
  readonly kind: 'choosing' | 'ticket' | 'note';
  /** Of a ticket; 0 for the others. */
  readonly number: bigint;
  /** Owner and random bits: each claim has its own. */
  readonly id: string;
  readonly owner: Owner;
}

/** A note that is being written ends in `.tmp` (replace-file.ts). */
const FILE =
  /^(choosing|ticket|note)-(?:(\d+)-)?((\d+-\d+-\d+-[0-9a-f]+-[0-9a-f]+)-[0-9a-f]{16})(\.[0-9a-f]+\.tmp)?$/;
const MAX_TICKET_BYTES = 1024;
const MAX_ATTEMPTS = 10;

export function notePath(folder: string, id: string): string {
  return join(folder, `note-${id}`);
}

/**
 * What stands in the folder of a lock, tickets in the order in which they are
 * served. A file that is there throughout is always seen; of one that comes or
 * goes meanwhile nothing is promised, and lock.ts needs no more.
 */
export async function listClaims(folder: string): Promise<ClaimFile[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.flatMap(parseClaimFile).sort(bySerial);
}

/** @returns nothing for a name that is none of ours */
export function parseClaimFile(name: string): ClaimFile[] {
  const [, kind, number, id, ownerText] = FILE.exec(name) ?? [];
  const owner = ownerText && parseOwner(ownerText);
  if (!kind || !id || !owner || (kind === 'ticket') !== (number !== undefined))
    return [];
  return [
    {
      name,
      kind: kind as ClaimFile['kind'],
      number: BigInt(number ?? 0),
      id,
      owner,
    },
  ];
}

/** Two that chose at once may have the same number: then the id decides. */
export function isBefore(a: ClaimFile, b: ClaimFile): boolean {
  return a.number === b.number ? a.id < b.id : a.number < b.number;
}

function bySerial(a: ClaimFile, b: ClaimFile): number {
  if (a.id === b.id && a.number === b.number) return 0;
  return isBefore(a, b) ? -1 : 1;
}

/**
 * The doorway of the bakery: shows that it is choosing, takes a number above
 * all it sees, and only then stops showing it.
 * @returns the ticket, and those that stood before it
 * @throws the error of the file system, with nothing left behind
 */
export async function takeTicket(folder: string, owner: Owner): Promise<Taken> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      // As a rule the folder is there.
      if (attempt > 1) await mkdir(folder, { recursive: true });
      return await tryTicket(folder, owner);
    } catch (error) {
      // Somebody is just deleting the folder: it goes between being made and
      // being used, and mkdir itself may see it only half.
      const isGone = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isGone || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

interface Taken {
  readonly ticket: ClaimFile;
  readonly before: ClaimFile[];
}

async function tryTicket(folder: string, owner: Owner): Promise<Taken> {
  const id = `${formatOwner(owner)}-${randomBytes(8).toString('hex')}`;
  const choosing = join(folder, `choosing-${id}`);
  try {
    await create(choosing);
    const claims = await listClaims(folder);
    const before = claims.filter(({ kind }) => kind === 'ticket');
    const number = (before.at(-1)?.number ?? 0n) + 1n;
    const name = `ticket-${number}-${id}`;
    await create(join(folder, name));
    await rm(choosing, { force: true });
    const ticket = { name, kind: 'ticket', number, id, owner } as const;
    return { ticket, before };
  } catch (error) {
    // The first error counts: if this fails too, it is for the same reason.
    await removeClaim(folder, id).catch(() => undefined);
    throw error;
  }
}

/**
 * Removes all files of a claim, its ticket last.
 * @param but what stays of it
 */
export async function removeClaim(
  folder: string,
  id: string,
  but?: 'note',
): Promise<void> {
  const files = (await listClaims(folder)).filter(
    (file) => file.id === id && file.kind !== but,
  );
  const ticketLast = files.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name } of ticketLast) {
    await rm(join(folder, name), { force: true, recursive: true });
  }
}

async function create(path: string): Promise<void> {
  const shown = { host: hostname(), since: new Date().toISOString() };
  await writeFile(path, JSON.stringify(shown), { flag: 'wx' });
}

/**
 * Touches a ticket every ten seconds, until it is removed: the only sign of
 * life that other machines see.
 */
export function keepTouching(folder: string, { name }: ClaimFile): void {
  const timer = setInterval(() => {
    const now = new Date();
    utimes(join(folder, name), now, now).catch(() => {
      // Removed, or nobody can write here: either way there is no more to do.
      clearInterval(timer);
    });
  }, TOUCH_MS);
  timer.unref();
}

/** When a claim's file was touched last, as its file system has it. */
export async function touchedAt(
  folder: string,
  name: string,
): Promise<number | undefined> {
  try {
    return (await stat(join(folder, name))).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Who made a claim, for people. */
export interface Claimant {
  readonly pid: number;
  /** Its name; `unknown` if the claim does not tell. */
  readonly host: string;
  /** When it asked for the lock. */
  readonly since: Date;
}

export async function describeClaim(
  folder: string,
  { name, owner }: ClaimFile,
): Promise<Claimant> {
  const file = await readSmallFile(join(folder, name), MAX_TICKET_BYTES);
  const { host, since } = shownIn(file && 'text' in file ? file.text : '');
  return { pid: owner.pid, host, since };
}

function shownIn(text: string): { host: string; since: Date } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Torn, or gone meanwhile: said as far as it is known.
  }
  const { host, since } = Object(value) as Record<string, unknown>;
  const date = new Date(typeof since === 'string' ? since : NaN);
  return {
    host: typeof host === 'string' ? host : 'unknown',
    // Now at the latest.
    since: Number.isNaN(date.getTime()) ? new Date() : date,
  };
}
