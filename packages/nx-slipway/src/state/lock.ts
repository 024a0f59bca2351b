import {
  keepTouching,
  notePath,
  removeClaim,
  takeTicket,
  touchedAt,
  type ClaimFile,
  type Claimant,
} from './claims';
import { LockQueue, cancelled, type Turn } from './lock-queue';
import { onDisk } from './on-disk';
import { formatOwner, thisOwner, type Owner } from './owner';
import { readSmallFile } from './read-small-file';
import { replaceFile } from './replace-file';

export interface LockOptions {
  /** Ends the waiting; what `work` does with it is its own business. */
  readonly signal: AbortSignal;
  /** Called once, when it waits for longer than a second. */
  readonly onWait?: (holder: Claimant) => void;
  /**
   * Cleans up after a holder that died, or left its note, with the lock held:
   * for each note. Called again by the next holder if it fails or dies itself.
   * @param note undefined if there was one that cannot be read
   */
  readonly onDead?: (note: string | undefined) => Promise<void>;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

export interface Lock {
  /**
   * Stores what the next holder must clean up should this process die, in
   * place of what was stored before. It outlives the process, not the power.
   * @param text at most 64 KiB
   * @throws SLIPWAY_E_STATE
   */
  note(text: string): Promise<void>;
  /**
   * Leaves the note to the next process that holds the lock, as if this one
   * had died, or to this one in ten seconds: what it names could not be cleaned
   * up, or may come late.
   */
  leaveNote(): void;
  /** Whether another held the lock since it was asked for. */
  readonly waited: boolean;
}

const MAX_NOTE_BYTES = 65_536;
/** By then has come what goes on behind a command that was cut off. */
const LEFT_MS = 10_000;

/**
 * Does `work` while nobody else who names this folder does, in this process or
 * another: who asked first goes first. It cannot be asked for again within
 * `work`.
 *
 * Lamport's bakery (https://lamport.azurewebsites.net/pubs/bakery.pdf) on file
 * names: each claimant makes files of its own, and waits for lower numbers.
 * Nothing is taken over, so there is no moment for two to take it. A holder
 * that is stopped still holds; one whose process ended does not.
 * @throws SLIPWAY_E_CANCELLED while waiting, SLIPWAY_E_STATE
 */
export async function withLock<T>(
  folder: string,
  options: LockOptions,
  work: (lock: Lock) => Promise<T>,
): Promise<T> {
  const { signal, onWait, onDead, now = () => performance.now() } = options;
  if (signal.aborted) throw cancelled(folder);
  const here = await thisOwner();
  const queue = new LockQueue(folder, here, { signal, onWait, now });
  try {
    const { id, waited, claims } = await acquire(folder, here, queue);
    const notes = new Notes(notePath(folder, id));
    let left: 'note' | undefined;
    const remove = () => removeClaim(folder, id, left);
    const result = await orElse(remove, async () => {
      await cleanUpAfterDead(folder, claims, queue, onDead);
      try {
        return await work({
          waited,
          note: (text) => notes.write(text),
          leaveNote: () => (left = 'note'),
        });
      } finally {
        await notes.close();
      }
    });
    await onDisk(folder, remove);
    return result;
  } finally {
    queue.close();
  }
}

/** A ticket that is first in line. */
async function acquire(
  folder: string,
  here: Owner,
  queue: LockQueue,
): Promise<Turn & { id: string }> {
  for (;;) {
    const { ticket, before } = await onDisk(folder, () =>
      takeTicket(folder, here),
    );
    keepTouching(folder, ticket);
    const turn = await orElse(
      () => removeClaim(folder, ticket.id),
      () => queue.turnOf(ticket, before),
    );
    if (turn) return { ...turn, id: ticket.id };
  }
}

/** Does `work`; if it fails, removes the claim. */
async function orElse<T>(
  remove: () => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Why it failed counts more. Should the claim stay, it ends with us.
    await remove().catch(() => undefined);
    throw error;
  }
}

/** Only a holder removes claims of others, so nobody does at the same time. */
async function cleanUpAfterDead(
  folder: string,
  claims: readonly ClaimFile[],
  queue: LockQueue,
  onDead: LockOptions['onDead'],
): Promise<void> {
  const over = new Set<string>();
  for (const claim of claims) {
    const isOver =
      (await queue.isDead(claim)) || (await wasLeft(folder, claim, claims));
    if (isOver) over.add(claim.id);
  }
  for (const id of over) {
    const note = await readSmallFile(notePath(folder, id), MAX_NOTE_BYTES);
    if (note) await onDead?.('text' in note ? note.text : undefined);
    await onDisk(folder, () => removeClaim(folder, id));
  }
}

/** Whether it is the note of a holder that is none any more, and old by now. */
async function wasLeft(
  folder: string,
  { kind, id, name, owner }: ClaimFile,
  claims: readonly ClaimFile[],
): Promise<boolean> {
  if (kind !== 'note') return false;
  if (claims.some((one) => one.kind === 'ticket' && one.id === id))
    return false;
  // Another process that lives sees to its own.
  if (formatOwner(owner) !== formatOwner(await thisOwner())) return false;
  const written = await onDisk(folder, () => touchedAt(folder, name));
  return written !== undefined && Date.now() - written > LEFT_MS;
}

/** The notes of one holder, written one after the other. */
class Notes {
  private last: Promise<void> = Promise.resolve();
  private isClosed = false;

  constructor(private readonly path: string) {}

  write(text: string): Promise<void> {
    this.last = this.last.catch(() => undefined).then(() => this.store(text));
    return this.last;
  }

  /** Whoever wrote knows whether it failed; here it only must be over. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.last.catch(() => undefined);
  }

  private async store(text: string): Promise<void> {
    if (this.isClosed) throw new Error('a note of a lock that is not held');
    if (Buffer.byteLength(text) > MAX_NOTE_BYTES) {
      throw new RangeError(`a note is at most ${MAX_NOTE_BYTES} bytes long`);
    }
    await onDisk(this.path, () => replaceFile(this.path, text));
  }
}
