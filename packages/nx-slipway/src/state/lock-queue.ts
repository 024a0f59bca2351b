import { SlipwayError } from '../report';
import {
  describeClaim,
  isBefore,
  listClaims,
  touchedAt,
  type ClaimFile,
  type Claimant,
} from './claims';
import { folderBell, type FolderBell } from './folder-bell';
import { onDisk } from './on-disk';
import { fateOf, type Owner } from './owner';
import { Vigil } from './vigil';

/** The death of a process changes no folder: it is looked for this often. */
const LOOK_MS = 200;
/** Shorter waits are not worth a line. */
const PATIENCE_MS = 1000;

export interface WaitOptions {
  readonly signal: AbortSignal;
  readonly onWait?: (holder: Claimant) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** What one claimant sees of the line before a lock. */
export class LockQueue {
  private readonly vigil: Vigil;
  private bell?: FolderBell;
  private waitsSince?: number;
  private hasTold = false;

  constructor(
    private readonly folder: string,
    private readonly here: Owner,
    private readonly options: WaitOptions,
  ) {
    this.vigil = new Vigil(options.now);
  }

  /**
   * Waits until `ticket` is first in line. First for those that were choosing
   * when it was taken, for their numbers may be lower; then for lower numbers.
   * In this order, each from a listing of its own: who is missed in the first
   * because the choice was made meanwhile has a ticket in the second.
   * @param before the tickets that stood when it was taken
   * @returns undefined if the ticket is gone: somebody emptied the folder
   * @throws SLIPWAY_E_CANCELLED, SLIPWAY_E_STATE
   */
  async turnOf(
    ticket: ClaimFile,
    before: readonly ClaimFile[],
  ): Promise<Turn | undefined> {
    const choosing = new Set(
      // Who comes later sees our ticket and takes a higher number.
      (await this.claims())
        .filter(({ kind }) => kind === 'choosing')
        .map(({ id }) => id),
    );
    const door = await this.pass(
      ticket,
      ({ kind, id }) => kind === 'choosing' && choosing.has(id),
    );
    const line =
      door &&
      (await this.pass(
        ticket,
        (claim) => claim.kind === 'ticket' && isBefore(claim, ticket),
      ));
    if (!line) return undefined;
    const { claims, isBlocked } = line;
    const isThere = ({ id }: ClaimFile) => claims.some((one) => one.id === id);
    return { claims, waited: isBlocked || !before.every(isThere) };
  }

  /** Whether a claim's owner will never come back to it. */
  async isDead({ name, owner }: ClaimFile): Promise<boolean> {
    const fate = await fateOf(owner, this.here);
    if (fate !== 'unknown') return fate === 'dead';
    const touched = await onDisk(this.folder, () =>
      touchedAt(this.folder, name),
    );
    return this.vigil.isOver(name, touched);
  }

  close(): void {
    this.bell?.close();
  }

  private claims(): Promise<ClaimFile[]> {
    return onDisk(this.folder, () => listClaims(this.folder));
  }

  /** Waits until no living claim stands in the way. */
  private async pass(
    ticket: ClaimFile,
    isInTheWay: (claim: ClaimFile) => boolean,
  ): Promise<{ claims: ClaimFile[]; isBlocked: boolean } | undefined> {
    for (let isBlocked = false; ; isBlocked = true) {
      if (this.options.signal.aborted) throw cancelled(this.folder);
      const claims = await this.claims();
      if (!claims.some(({ name }) => name === ticket.name)) return undefined;
      const alive = await this.alive(claims.filter(isInTheWay));
      if (!alive[0]) return { claims, isBlocked };
      await this.tell(alive[0]);
      await this.pause();
    }
  }

  /** Looks at each, for a vigil counts only what was looked at. */
  private async alive(claims: readonly ClaimFile[]): Promise<ClaimFile[]> {
    const dead = await Promise.all(claims.map((claim) => this.isDead(claim)));
    return claims.filter((_claim, index) => !dead[index]);
  }

  private async tell(claim: ClaimFile): Promise<void> {
    const { now, onWait } = this.options;
    this.waitsSince ??= now();
    if (this.hasTold || now() - this.waitsSince < PATIENCE_MS) return;
    this.hasTold = true;
    onWait?.(await describeClaim(this.folder, claim));
  }

  private async pause(): Promise<void> {
    if (this.bell) return this.bell.next(LOOK_MS, this.options.signal);
    // What changed before this was not heard: look once more.
    this.bell = folderBell(this.folder);
  }
}

/** First in line. */
export interface Turn {
  /** All that stands in the folder. */
  readonly claims: readonly ClaimFile[];
  /** Whether somebody else held the lock since the ticket was asked for. */
  readonly waited: boolean;
}

export function cancelled(folder: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CANCELLED',
    message: `waiting for the lock ${folder} was cancelled.`,
  });
}
