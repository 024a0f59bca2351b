import {
  buildImage,
  currentImage,
  hashInputs,
  isInDocker,
  type CurrentImage,
  type Parent,
} from '../build';
import { formatReference } from '../image';
import { changedFiles, depFiles, depTrees, type DepTree } from '../inputs';
import { Phases, SlipwayError, hasCode } from '../report';
import { Cycle } from './cycle';
import type { ServedImage } from './desired';
import type { Fault, ImageState, PhaseName } from './events';
import { faultOf } from './fault';
import type { ImageHost } from './image-host';
import { ImageReporter } from './image-reporter';
import { OwnWrites } from './own-writes';
import { mayPass, pauseBefore } from './retry';
import { Superseding } from './supersede';
import { hashSources, type Seen } from './sources';

/** How long nothing may change before a build that is suspected runs again. */
const QUIET_MS = 1000;

/** Phases of a build, as a cycle has them; what is not here is no time of its own. */
const PHASES: Readonly<Record<string, PhaseName>> = {
  build: 'build',
  tag: 'push',
  verify: 'push',
  push: 'push',
};

/** Why an image is to be looked at. */
interface Pending {
  /** Of the first save, by the clock. */
  readonly at: number;
  /** Asked for by hand: built even if nothing has changed. */
  readonly isForced: boolean;
  /** Asked for by hand, or by the start: not held back. */
  readonly isGranted: boolean;
}

/** Something that runs, and may give way to a newer save. */
interface Attempt {
  readonly stop: AbortController;
  /** What it runs for; none: it has not begun. */
  inputs?: Seen;
  readonly kind: 'prepare' | 'build';
}

/** What stands, and of which inputs. */
interface Standing {
  readonly image: CurrentImage;
  /** None: they changed while it was built. */
  readonly hash?: string;
}

/**
 * One image, kept as its files are: hashes its inputs when they may have
 * changed, builds what nothing stands of, and gives way to a newer save. Passes
 * come one after the other, so that no older content ever follows a newer one.
 */
export class ImageUnit {
  state: ImageState = 'checking';
  since: number;
  fault?: Fault;
  /** Since when there is something to do, by the clock; none: it is idle. */
  workSince?: number;
  /** When the image that stands came, by the clock. */
  settledAt = -Infinity;
  private standing?: Standing;
  private pending?: Pending;
  private working?: Promise<void>;
  private attempt?: Attempt;
  private lookingAt?: Attempt;
  /** The sources that its tasks last ran for, to a good end. */
  private prepared?: string;
  /** What failed: the same is not tried again unasked. */
  private failed?: { readonly sources?: string; readonly hash?: string };
  private failures = 0;
  private forgetRetry = () => {};
  /** The inputs as they were last seen, to tell what has changed. */
  private seen?: Seen;
  /** As they were when the last build had ended. */
  private after?: Seen['files'];
  private isHeld = false;
  private readonly superseding: Superseding;
  private readonly own = new OwnWrites();

  constructor(
    private spec: ServedImage,
    private readonly host: ImageHost,
  ) {
    this.superseding = new Superseding(host.onChange);
    this.since = Date.now();
  }

  get key(): string {
    return this.spec.key;
  }

  get name(): string {
    return this.spec.name;
  }

  get image(): CurrentImage | undefined {
    return this.standing?.image;
  }

  /** The deploy ref of the last good build, as the cluster has it. */
  get ref(): string | undefined {
    const image = this.image;
    return image && formatReference(image.deployRef.cluster);
  }

  get parentKeys(): readonly string[] {
    return this.spec.parents.map(({ key }) => key);
  }

  /** Its options have been read again. */
  respecify(spec: ServedImage): void {
    this.spec = spec;
    this.look();
  }

  /** Where its inputs are, and those of what prepares it. */
  async trees(): Promise<DepTree[]> {
    const { plan, preparation } = this.spec;
    const selections = [
      plan.deps,
      ...(preparation ? [preparation.sources] : []),
    ];
    const trees = await Promise.all(
      selections.map(async (selection) =>
        // What is wrong with them is told by who hashes.
        depTrees(selection, await depFiles(selection).catch(() => [])),
      ),
    );
    return trees.flat();
  }

  /**
   * Something of its inputs may have changed.
   * @param at when that was seen, by the clock
   */
  look(at = this.host.clock.now()): void {
    this.wake({ at, isForced: false, isGranted: false });
  }

  /** The first time, whoever is asked for the next. */
  start(at: number): void {
    this.wake({ at, isForced: false, isGranted: true });
  }

  /** Asked for by hand. @param isForced even if nothing has changed */
  trigger(isForced: boolean): void {
    const at = this.host.clock.now();
    if (isForced || this.isHeld || this.failed) {
      this.wake({ at, isForced, isGranted: true });
    }
  }

  /** What was held back is looked at again. */
  release(): void {
    if (this.isHeld) this.look();
  }

  /** When all that is to do is done, or nothing more will be. */
  async idle(): Promise<void> {
    while (this.working) await this.working;
  }

  close(): void {
    this.forgetRetry();
  }

  private wake(pending: Pending): void {
    const { signal, clock } = this.host;
    if (signal.aborted) return;
    this.pending = joined(this.pending, pending);
    this.workSince ??= clock.now();
    if (this.working) void this.giveWay();
    else this.working = this.work();
  }

  private async work(): Promise<void> {
    for (;;) {
      const { pending } = this;
      if (!pending || this.host.signal.aborted) break;
      this.pending = undefined;
      this.forgetRetry();
      await this.pass(pending);
    }
    this.working = undefined;
    this.workSince = undefined;
    this.host.onSettled(this);
  }

  private async pass(pending: Pending): Promise<void> {
    const { clock: { now }, emit } = this.host; // prettier-ignore
    const { name: image } = this;
    const cycle = new Cycle({ subject: { image }, at: pending.at, now, emit });
    try {
      await this.passWith(cycle, pending);
    } catch (error) {
      await this.fails(error, cycle);
    } finally {
      this.attempt = undefined;
    }
  }

  private async passWith(cycle: Cycle, pending: Pending): Promise<void> {
    await this.parentsSettled();
    const { preparation } = this.spec;
    if (preparation) {
      const sources = await hashSources(preparation, this.host.knownFiles);
      const isNew = sources.hash !== this.prepared;
      const hasFailed = sources.hash === this.failed?.sources;
      if (pending.isForced || (isNew && (!hasFailed || pending.isGranted))) {
        if (this.isHeldBack(pending)) return;
        await this.prepare(sources, cycle);
      } else if (isNew) return;
    }
    const parents = this.parents();
    if (!parents) return;
    const now = await this.seeInputs(parents);
    if (!pending.isForced) {
      if (now.hash === this.standing?.hash) return this.isAsItWas(cycle);
      if (this.isNoNews(now, pending)) return;
      const { plan } = this.spec;
      // Of a later pass the record is known to be of another build.
      const asked = this.seen ? 'ledger' : 'both';
      this.tellChange(now);
      const found = await currentImage(plan, now.hash, this.systems(), asked);
      if (found) return this.stands({ image: found, hash: now.hash }, cycle);
    }
    if (this.isHeldBack(pending)) return;
    if (this.own.isSuspected && !pending.isForced) await this.quietly(parents);
    if (this.host.slots.isFull) this.enter('waiting');
    const { slots } = this.host;
    const built = await slots.take(() => this.build(parents, cycle, pending));
    await this.stands(built, cycle);
  }

  /** A parent that is at work may be another in a moment. */
  private async parentsSettled(): Promise<void> {
    const working = () =>
      this.parentKeys
        .map((key) => this.host.image(key))
        .find((unit) => unit?.workSince !== undefined);
    for (let unit = working(); unit; unit = working()) {
      this.enter('waiting');
      await unit.idle();
    }
  }

  /** @returns undefined if one has no image yet: it wakes this one when it has */
  private parents(): Parent[] | undefined {
    const parents: Parent[] = [];
    for (const { key, asParent } of this.spec.parents) {
      const unit = this.host.image(key);
      if (!unit?.image) {
        this.enter('waiting', {
          message: `${unit?.name ?? key}, which it is built on, is not there yet.`,
        });
        return undefined;
      }
      parents.push(asParent(unit.image));
    }
    return parents;
  }

  private async seeInputs(parents: readonly Parent[]): Promise<Seen> {
    const files: Seen['files'] = new Map();
    const { knownFiles: known } = this.host;
    const { plan } = this.spec;
    const hash = await hashInputs(plan, parents, { seen: files, known });
    return { hash, files };
  }

  /** Whether there is nothing to build of what has failed, or writes itself. */
  private isNoNews(now: Seen, pending: Pending): boolean {
    if (pending.isGranted) return false;
    if (this.after) {
      const between = changedFiles(this.after, now.files);
      if (between.length > 0) this.own.savedBetween();
      else if (this.own.found) return true;
    }
    return now.hash === this.failed?.hash;
  }

  private isAsItWas(cycle: Cycle): void {
    // Put back as it was, or never looked at.
    const isNews = this.state !== 'current' && this.state !== 'checking';
    this.settle();
    if (isNews) cycle.end('unchanged');
  }

  private isHeldBack({ isGranted }: Pending): boolean {
    const { isAuto, isPaused } = this.host;
    this.isHeld = isPaused() || !(isAuto() || isGranted);
    if (this.isHeld) this.enter('changed');
    return this.isHeld;
  }

  private tellChange(now: Seen): void {
    const { seen } = this;
    this.seen = now;
    if (!seen) return;
    const files = changedFiles(seen.files, now.files);
    if (files.length === 0) return;
    const { name: image } = this;
    this.host.emit({
      type: 'change',
      subjects: [{ image }],
      files: files.slice(0, 5),
      count: files.length,
    });
  }

  /** Time in which people who are at work would save. */
  private async quietly(parents: readonly Parent[]): Promise<void> {
    const { clock, signal } = this.host;
    await new Promise<void>((resolve) => {
      const forget = clock.after(QUIET_MS, () => resolve());
      const end = () => {
        forget();
        resolve();
      };
      signal.addEventListener('abort', end, { once: true });
    });
    const now = await this.seeInputs(parents);
    if (this.after && changedFiles(this.after, now.files).length > 0) {
      this.own.savedBetween();
    }
  }

  private async prepare(sources: Seen, cycle: Cycle): Promise<void> {
    const { preparation } = this.spec;
    const { emit, kill } = this.host;
    const stop = new AbortController();
    const attempt: Attempt = { stop, kind: 'prepare', inputs: sources };
    this.attempt = attempt;
    this.enter('preparing');
    const reporter = new ImageReporter(this.name, emit, 'prepare');
    const end = () => stop.abort();
    this.host.signal.addEventListener('abort', end, { once: true });
    try {
      await cycle.measure('prepare', async () =>
        preparation?.run({
          signal: stop.signal,
          kill,
          onOutput: (stream, chunk) => reporter.output(stream, chunk),
        }),
      );
      this.prepared = sources.hash;
      this.failed = undefined;
    } catch (error) {
      if (!stop.signal.aborted) this.failed = { sources: sources.hash };
      throw error;
    } finally {
      this.host.signal.removeEventListener('abort', end);
      reporter.flush();
      this.attempt = undefined;
    }
  }

  private async build(
    parents: readonly Parent[],
    cycle: Cycle,
    pending: Pending,
  ): Promise<Standing> {
    const { clock, emit } = this.host;
    const { plan } = this.spec;
    const stop = new AbortController();
    const attempt: Attempt = { stop, kind: 'build' };
    this.attempt = attempt;
    this.enter('building');
    const reporter = new ImageReporter(this.name, emit);
    const begun = clock.now();
    const phases = new Phases(clock.now, (name, ms) => {
      const phase = PHASES[name];
      if (!phase) return;
      if (ms === undefined) cycle.begins(phase);
      else cycle.passed(phase, ms);
    });
    let moved: readonly string[] = [];
    try {
      const image = await buildImage(plan, parents, this.systems(reporter), {
        supersede: stop.signal,
        phases,
        onInputs: (hash, files) => {
          attempt.inputs = { hash, files };
          this.seen = attempt.inputs;
          const waited = begun - pending.at;
          cycle.passed('detect', clock.now() - begun + Math.max(waited, 0));
          if (this.pending) void this.giveWay();
        },
        onMoved: (files, after) => {
          moved = files;
          this.after = after;
        },
      });
      const { hash, files } = attempt.inputs ?? {};
      if (moved.length === 0) this.after = files;
      this.superseding.ended();
      this.noteMoved(moved);
      const isOfInputs = moved.length === 0;
      return {
        image,
        hash: isOfInputs ? (hash ?? image.record.inputHash) : undefined,
      };
    } catch (error) {
      if (!stop.signal.aborted) await this.noteFailure(attempt, parents);
      throw error;
    } finally {
      reporter.flush();
      this.attempt = undefined;
    }
  }

  /** A build that fails may write into its inputs, too. */
  private async noteFailure(
    { inputs }: Attempt,
    parents: readonly Parent[],
  ): Promise<void> {
    this.superseding.ended();
    if (!inputs) return;
    const now = await this.seeInputs(parents).catch(() => undefined);
    const moved = now ? changedFiles(inputs.files, now.files) : [];
    this.after = now?.files;
    this.failed = { hash: inputs.hash };
    this.noteMoved(moved);
    // Nothing was saved that is not in it but by the build itself.
    if (this.own.found && now) this.failed = { hash: now.hash };
  }

  private noteMoved(moved: readonly string[]): void {
    this.own.built(moved);
    if (moved.length > 0 && !this.own.found) this.look();
  }

  private async stands(standing: Standing, cycle: Cycle): Promise<void> {
    const { deliver } = this.spec;
    const { image } = standing;
    const ref = formatReference(image.deployRef.cluster);
    const isNew = ref !== this.ref;
    if (deliver && isNew) await cycle.measure('push', () => deliver(image));
    const isFirst = this.standing === undefined;
    this.standing = standing;
    this.settledAt = this.host.clock.now();
    cycle.ref = ref;
    this.settle();
    const { found } = this.own;
    if (found && standing.hash === undefined) this.blame(found);
    if (!isNew) return cycle.end(isFirst ? 'unchanged' : 'done');
    this.host.onSettled(this, cycle);
  }

  private blame(files: readonly string[]): void {
    const names = files.slice(0, 5).join(', ');
    this.enter('failed', {
      code: 'SLIPWAY_E_INPUTS_CHANGED',
      message: `${names} changed during one build of ${this.name} after the other, and nothing did between them: its command writes into its own inputs. What it built is deployed; it is not built again before something else is saved.`,
      hint: 'Name what it writes in ignore, or let it write elsewhere.',
    });
  }

  private settle(): void {
    this.failed = undefined;
    this.failures = 0;
    this.isHeld = false;
    this.enter('current');
  }

  private async fails(error: unknown, cycle: Cycle): Promise<void> {
    const { signal } = this.host;
    if (signal.aborted) return;
    if (hasCode(error, 'SLIPWAY_E_CANCELLED')) {
      // By a newer save, which is looked at next.
      this.superseding.stopped();
      cycle.end('superseded');
      return;
    }
    const fault = faultOf(error, this.host.secrets());
    this.enter('failed', fault);
    cycle.end('failed', fault);
    if (await this.isAway(error)) this.tryAgainLater();
    else this.failures = 0;
  }

  /** A command that builds in a Docker that has gone says so in its own words. */
  private async isAway(error: unknown): Promise<boolean> {
    if (mayPass(error)) return true;
    const { plan, systems } = this.spec;
    if (!hasCode(error, 'SLIPWAY_E_COMMAND_FAILED') || !isInDocker(plan)) {
      return false;
    }
    try {
      await systems.docker.ping();
      return false;
    } catch (reason) {
      return reason instanceof SlipwayError;
    }
  }

  private tryAgainLater(): void {
    this.failures += 1;
    const ms = pauseBefore(this.failures);
    this.forgetRetry = this.host.clock.after(ms, () => {
      const at = this.host.clock.now();
      this.wake({ at, isForced: false, isGranted: true });
    });
  }

  /** Something newer was saved: what runs is stopped if it runs for less. */
  private async giveWay(): Promise<void> {
    const { attempt } = this;
    if (!attempt?.inputs || this.lookingAt === attempt) return;
    if (!this.superseding.mayStop()) return;
    this.lookingAt = attempt;
    try {
      for (;;) {
        const { pending } = this;
        const isOlder = await this.isOlder(attempt).catch(() => false);
        if (this.attempt !== attempt) return;
        if (isOlder) return attempt.stop.abort();
        if (this.pending === pending) return;
      }
    } finally {
      this.lookingAt = undefined;
    }
  }

  private async isOlder({ kind, inputs }: Attempt): Promise<boolean> {
    const { preparation } = this.spec;
    if (preparation) {
      const sources = await hashSources(preparation, this.host.knownFiles);
      const of = kind === 'prepare' ? inputs?.hash : this.prepared;
      if (sources.hash !== of) return true;
    }
    if (kind === 'prepare') return false;
    const parents = this.parents();
    if (!parents || !inputs) return false;
    const now = await this.seeInputs(parents);
    if (now.hash === inputs.hash) return false;
    return !this.own.explains(changedFiles(inputs.files, now.files));
  }

  private systems(reporter = new ImageReporter(this.name, this.host.emit)) {
    const { knownFiles, signal, kill } = this.host;
    return { ...this.spec.systems, reporter, knownFiles, signal, kill };
  }

  private enter(state: ImageState, fault?: Fault): void {
    if (this.state === state && !fault && !this.fault) return;
    this.state = state;
    this.since = Date.now();
    this.fault = fault;
    const { name: image } = this;
    this.host.emit({ type: 'state', image, state, ...(fault && { fault }) });
    this.host.onState();
  }
}

function joined(one: Pending | undefined, other: Pending): Pending {
  return {
    at: Math.min(one?.at ?? other.at, other.at),
    isForced: one?.isForced || other.isForced,
    isGranted: one?.isGranted || other.isGranted,
  };
}
