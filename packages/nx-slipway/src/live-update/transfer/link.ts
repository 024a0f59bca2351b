import { setTimeout as sleep } from 'node:timers/promises';
import { cancelled, type ExecStream } from '../../cluster';
import { SlipwayError } from '../../report';
import type {
  Applied,
  Batch,
  ContainerLink,
  ContainerPlace,
  FailedRun,
  Run,
} from '../types';
import { transferError } from './advice';
import type { Archives } from './archives';
import { Connection } from './connection';
import { isPassing } from './is-passing';
import { assertPlaces } from './places';
import { stagingName } from './receiver';
import { runStep } from './run-step';
import { ReceiverError, type Session } from './session';
import { giveUpdate } from './update';

export type Exec = (
  command: readonly string[],
  options: { readonly stdin: boolean; readonly signal: AbortSignal },
) => Promise<ExecStream>;

export interface LinkParts {
  readonly place: ContainerPlace;
  /** Of the workspace, absolute: `Entry.source` is below it. */
  readonly root: string;
  /** Starts a command in the container. */
  readonly exec: Exec;
  /**
   * Of a container without a shell: brings up one beside it that has one, and
   * shares its processes. None: it is not wanted.
   * @param user `uid:gid` that it is to be, other than the pod says
   */
  readonly helper?: (user?: string) => Promise<Exec>;
  /** What a run prints, in whole lines. */
  readonly onOutput: (
    run: Run,
    stream: 'stdout' | 'stderr',
    chunk: string,
  ) => void;
  readonly signal: AbortSignal;
  /** Milliseconds that only grow. */
  readonly now: () => number;
  /** Of all containers of an image: the same writes are read once. */
  readonly archives: Archives;
}

/** Its stream is opened by the first batch at the latest, and again once it has broken. */
export function openLink(parts: LinkParts): ContainerLink {
  return new Link(parts);
}

/** Milliseconds before a connection that broke is tried again. */
const PAUSES = [100, 500];

class Link implements ContainerLink {
  private session?: Session;
  private opening?: Promise<Session>;
  private isClosed = false;
  private readonly leftovers = new Set<string>();
  private readonly connection: Connection;

  constructor(private readonly parts: LinkParts) {
    this.connection = new Connection(parts);
  }

  async apply(batch: Batch): Promise<Applied> {
    assertPlaces(batch);
    const { now } = this.parts;
    const hasRuns = batch.runs.length > 0;
    const start = now();
    const synced = await this.sync(batch, batch.restart && !hasRuns);
    const sync = synced.at - start;
    if (!hasRuns) {
      const restart = now() - synced.at;
      return {
        states: synced.states,
        times: { sync, ...(batch.restart && { restart }) },
      };
    }
    const failedRun = await this.run(batch.runs);
    const ran = now();
    const times = { sync, run: ran - synced.at };
    if (failedRun || !batch.restart) {
      return { states: synced.states, times, ...(failedRun && { failedRun }) };
    }
    await this.sync({ ...batch, deletes: [], writes: [] }, true);
    return {
      states: synced.states,
      times: { ...times, restart: now() - ran },
    };
  }

  prepare(): void {
    if (this.isClosed || this.parts.signal.aborted) return;
    // The first batch tries again, and tells of what is wrong.
    this.opened().catch(() => this.drop());
  }

  close(): void {
    this.isClosed = true;
    this.drop();
  }

  private async sync(batch: Batch, restart: boolean) {
    const states = new Map<string, string | undefined>();
    let at = this.parts.now();
    const isNothing = batch.deletes.length + batch.writes.length === 0;
    if (isNothing && !restart) return { states, at };
    await this.repeatedly(async () => {
      states.clear();
      const { archives, root, now } = this.parts;
      await giveUpdate({
        ...{ archives, root, batch, restart, states },
        session: await this.opened(),
        leftovers: this.leftovers,
        name: stagingName(this.connection.id),
        onSynced: () => {
          at = now();
        },
      });
    });
    return { states, at };
  }

  /** @returns the first that fails: no other begins */
  private async run(runs: readonly Run[]): Promise<FailedRun | undefined> {
    for (const run of runs) {
      const exitCode = await runStep(this.parts, run);
      if (exitCode !== 0) return { run, exitCode };
    }
    return undefined;
  }

  /** A connection may break, and nothing is wrong with the container. */
  private async repeatedly(work: () => Promise<void>): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        this.assertOpen();
        return await work();
      } catch (error) {
        this.drop();
        // Whatever it is that being ended has led to.
        this.assertOpen();
        const pause = PAUSES[tries];
        if (pause === undefined || !isPassing(error)) throw this.told(error);
        await sleep(pause);
      }
    }
  }

  private assertOpen(): void {
    if (this.isClosed || this.parts.signal.aborted) throw cancelled();
  }

  /** However many ask for it at once, it is one. */
  private opened(): Promise<Session> {
    const { session } = this;
    if (this.opening) return this.opening;
    if (session && !session.hasEnded) return Promise.resolve(session);
    const begun = (next: Session) => {
      this.session = next;
      if (this.isClosed) next.close();
    };
    this.opening = this.connection.open(begun).finally(() => {
      this.opening = undefined;
    });
    return this.opening;
  }

  private drop(): void {
    this.session?.close();
    this.session = undefined;
  }

  private told(error: unknown): unknown {
    const { place } = this.parts;
    if (error instanceof ReceiverError) {
      const { tool, ...failure } = error.failure;
      const what = `${tool ?? 'its shell'} failed`;
      return transferError(place, { what, ...failure, cause: error });
    }
    const isTold = ['SLIPWAY_E_LIVE_UPDATE', 'SLIPWAY_E_CANCELLED'];
    if (!(error instanceof SlipwayError) || isTold.includes(error.code)) {
      return error;
    }
    const what = 'its shell could not be reached';
    return transferError(place, { what, words: error.message, cause: error });
  }
}
