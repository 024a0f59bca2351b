import { createHash } from 'node:crypto';
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
import { isPassing } from './is-passing';
import { restartScript } from '../restart';
import { assertPlaces } from './places';
import {
  NEEDED_TOOLS,
  receiverCommand,
  receiverProgram,
  stagingName,
} from './receiver';
import { runStep } from './run-step';
import { ReceiverError, Session } from './session';
import { giveUpdate } from './update';

export interface LinkParts {
  readonly place: ContainerPlace;
  /** Of the workspace, absolute: `Entry.source` is below it. */
  readonly root: string;
  /** Starts a command in the container. */
  readonly exec: (
    command: readonly string[],
    options: { readonly stdin: boolean; readonly signal: AbortSignal },
  ) => Promise<ExecStream>;
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

/** Its stream is opened by the first batch, and again once it has broken. */
export function openLink(parts: LinkParts): ContainerLink {
  return new Link(parts);
}

/** Milliseconds before a connection that broke is tried again. */
const PAUSES = [100, 500];

class Link implements ContainerLink {
  private session?: Session;
  private isClosed = false;
  private readonly leftovers = new Set<string>();
  private readonly id: string;
  private ordinal = 0;

  constructor(private readonly parts: LinkParts) {
    const { namespace, pod, container } = parts.place;
    // The same for the next process of this container, which so finds it again;
    // another for whoever mounts the same volume.
    const id = createHash('sha256').update(`${namespace}/${pod}/${container}`);
    this.id = id.digest('hex').slice(0, 12);
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
        name: stagingName({ id: this.id }),
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

  private async opened(): Promise<Session> {
    if (this.session && !this.session.hasEnded) return this.session;
    const { exec, signal, place } = this.parts;
    this.ordinal += 1;
    const receiver = { id: this.id, ordinal: this.ordinal };
    const stream = await exec(receiverCommand(receiver), {
      stdin: true,
      signal,
    });
    const session = new Session(stream);
    this.session = session;
    const newer = await session.begin(receiverProgram(receiver, restartScript));
    if (newer !== undefined) {
      // Of a process before this one.
      this.ordinal = newer;
      this.drop();
      return this.opened();
    }
    const missing = NEEDED_TOOLS.filter((tool) => session.missing.has(tool));
    if (missing.length > 0) {
      const words = `no ${missing.join(', no ')}`;
      throw transferError(place, { what: 'its image lacks tools', words });
    }
    return session;
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
