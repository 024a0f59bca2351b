import {
  currentImage,
  isInDocker,
  type CurrentImage,
  type Parent,
} from '../build';
import { formatReference } from '../image';
import { changedFiles, depFiles, depTrees, type DepTree } from '../inputs';
import { SlipwayError, hasCode } from '../report';
import { Cycle } from './cycle';
import type { ServedImage } from './desired';
import type { Fault, ImageState } from './events';
import { faultOf } from './fault';
import type { ImageHost } from './image-host';
import { ImageMaker, type Standing } from './image-maker';
import { ImageReporter } from './image-reporter';
import { ownWrites } from './own-writes-fault';
import { pauseUntil } from './pause-until';
import { mayPass, pauseBefore } from './retry';
import { seeInputs, seeSources, type Seen } from './seen';

/** How long nothing may change before a build that is suspected runs again. */
const QUIET_MS = 1000;
/** Of what has changed, so many files are named. */
const MOST_NAMED = 5;

/** Why an image is to be looked at. */
interface Pending {
  /** Of the first save, by the clock. */
  readonly at: number;
  /** Asked for by hand: built even if nothing has changed. */
  readonly isForced: boolean;
  /** Asked for by hand, by the start, or tried again: not held back. */
  readonly isGranted: boolean;
}

/**
 * One image, kept as its files are: hashes its inputs when they may have
 * changed, builds what nothing stands of, and gives way to a newer save. Passes
 * come one after the other, so that no older content ever follows a newer one.
 */
export class ImageUnit {
  state: ImageState = 'checking';
  /** Milliseconds since 1970. */
  since = Date.now();
  fault?: Fault;
  /** Since when there is something to do, by the clock; none: it is idle. */
  workSince?: number;
  /** When the image that stands came, by the clock. */
  settledAt = -Infinity;
  private standing?: Standing;
  private pending?: Pending;
  private working?: Promise<void>;
  private isHeld = false;
  private isRetired = false;
  /** What failed: the same is not tried again unasked. */
  private failed?: { readonly sources?: string; readonly hash?: string };
  /** What is being tried. */
  private trying: NonNullable<ImageUnit['failed']> = {};
  private failures = 0;
  private forgetRetry = () => {};
  /** The inputs as they were last seen, to tell what has changed. */
  private seen?: Seen;
  private readonly maker: ImageMaker;

  constructor(
    private spec: ServedImage,
    private readonly host: ImageHost,
  ) {
    this.maker = new ImageMaker(host, () => this.pending);
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
    return this.image && formatReference(this.image.deployRef.cluster);
  }

  get parentKeys(): readonly string[] {
    return this.spec.parents.map(({ key }) => key);
  }

  /** Its options have been read again. @returns whether they are others */
  respecify(spec: ServedImage): boolean {
    const isSame = textOf(this.spec) === textOf(spec);
    this.spec = spec;
    return !isSame;
  }

  /** No manifest uses it any more. */
  retire(): void {
    this.isRetired = true;
    this.close();
    this.maker.stop();
  }

  /** Where its inputs are, and those of what prepares it. */
  async trees(): Promise<DepTree[]> {
    const { plan, preparation } = this.spec;
    const of = [plan.deps, ...(preparation ? [preparation.sources] : [])];
    const trees = await Promise.all(
      of.map(async (selection) =>
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
    if (!isForced && !this.isHeld && !this.failed) return;
    const at = this.host.clock.now();
    this.wake({ at, isForced, isGranted: true });
  }

  /** What was held back is looked at again. */
  release(): void {
    if (this.isHeld) this.look();
  }

  /** When all that is to do is done. */
  async idle(): Promise<void> {
    while (this.working) await this.working;
  }

  close(): void {
    this.forgetRetry();
  }

  private wake(pending: Pending): void {
    const { signal, clock } = this.host;
    if (signal.aborted || this.isRetired) return;
    this.pending = joined(this.pending, pending);
    this.workSince ??= clock.now();
    if (this.working) this.maker.giveWay();
    else this.working = this.work();
  }

  private async work(): Promise<void> {
    // What is told in one turn is one pass.
    await Promise.resolve();
    while (this.pending && !this.host.signal.aborted) {
      const { pending } = this;
      this.pending = undefined;
      this.forgetRetry();
      await this.pass(pending);
      await this.maker.tidied;
    }
    this.working = undefined;
    this.workSince = undefined;
    this.host.onSettled(this);
  }

  private async pass(pending: Pending): Promise<void> {
    const { clock, emit } = this.host;
    const subject = { image: this.name };
    const now = () => clock.now();
    const cycle = new Cycle({ subject, at: pending.at, now, emit });
    this.trying = {};
    try {
      await this.parentsSettled();
      if (!(await this.isPrepared(pending, cycle))) return;
      const parents = this.parents();
      if (parents) await this.bring(parents, pending, cycle);
    } catch (error) {
      await this.fails(error, cycle);
    }
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

  /** @returns false if there is nothing more to do for now */
  private async isPrepared(pending: Pending, cycle: Cycle): Promise<boolean> {
    const { preparation } = this.spec;
    if (!preparation) return true;
    const sources = await seeSources(preparation, this.host.knownFiles);
    const isNews = sources.hash !== this.maker.prepared;
    if (!isNews && !pending.isForced) return true;
    const hasFailed = sources.hash === this.failed?.sources;
    if (hasFailed && !pending.isGranted) return false;
    if (this.isHeldBack(pending)) return false;
    this.enter('preparing');
    this.trying = { sources: sources.hash };
    await this.maker.prepare(this.spec, sources, cycle);
    this.failed = undefined;
    return true;
  }

  /** @returns undefined if one has no image yet: it wakes this one when it has */
  private parents(): Parent[] | undefined {
    const parents: Parent[] = [];
    for (const { key, asParent } of this.spec.parents) {
      const unit = this.host.image(key);
      if (!unit?.image) {
        const { name = key } = unit ?? {};
        const message = `${name}, which it is built on, is not there yet.`;
        this.enter('waiting', { message });
        return undefined;
      }
      parents.push(asParent(unit.image));
    }
    return parents;
  }

  /** Has the image stand that is of the inputs as they are now. */
  private async bring(
    parents: readonly Parent[],
    pending: Pending,
    cycle: Cycle,
  ): Promise<void> {
    const { host, spec } = this;
    const now = await seeInputs(spec, parents, host.knownFiles);
    this.trying = { hash: now.hash };
    if (!pending.isForced) {
      if (now.hash === this.standing?.hash) return this.isAsItWas(cycle);
      if (!pending.isGranted && this.isNoNews(now)) return;
      const found = await this.find(now);
      if (found) {
        const since = pending.at + cycle.timeOf('prepare');
        cycle.passed('detect', host.clock.now() - since);
        return this.stands({ image: found, hash: now.hash }, cycle);
      }
    }
    if (this.isHeldBack(pending)) return;
    if (this.maker.own.isSuspected && !pending.isForced) {
      await this.quietly(parents);
    }
    if (host.slots.isFull) this.enter('waiting');
    const standing = await host.slots.take((onEnded) => {
      this.enter('building');
      const { at } = pending;
      const onInputs = (inputs: Seen) => {
        this.seen = inputs;
        this.trying = { hash: inputs.hash };
      };
      const image = spec;
      const build = { image, parents, cycle, at, onInputs, onEnded };
      return this.maker.build(build);
    });
    await this.stands(standing, cycle);
  }

  /** What was built of these inputs before, and stands. */
  private find(now: Seen): Promise<CurrentImage | undefined> {
    const { plan, systems } = this.spec;
    // Once something was built here, the record is that of another build.
    const asked = this.seen ? 'ledger' : 'both';
    this.tellChange(now);
    const { emit, signal, knownFiles } = this.host;
    const reporter = new ImageReporter(this.name, emit);
    const all = { ...systems, reporter, signal, knownFiles };
    return currentImage(plan, now.hash, all, asked);
  }

  /** Whether it has failed of the same, or all that has changed it wrote itself. */
  private isNoNews(now: Seen): boolean {
    const { after, own } = this.maker;
    if (after) {
      if (changedFiles(after, now.files).length > 0) own.savedBetween();
      else if (own.found) return true;
    }
    return now.hash === this.failed?.hash;
  }

  private isAsItWas(cycle: Cycle): void {
    // Put back as it was, after something else had failed or was held back.
    const isNews = ['failed', 'changed'].includes(this.state);
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
    const files = seen ? changedFiles(seen.files, now.files) : [];
    if (files.length === 0) return;
    this.host.emit({
      type: 'change',
      subjects: [{ image: this.name }],
      files: files.slice(0, MOST_NAMED),
      count: files.length,
    });
  }

  /** Time in which people who are at work would save. */
  private async quietly(parents: readonly Parent[]): Promise<void> {
    const { clock, signal, knownFiles } = this.host;
    await pauseUntil(QUIET_MS, signal, clock);
    const now = await seeInputs(this.spec, parents, knownFiles);
    const { after, own } = this.maker;
    if (after && changedFiles(after, now.files).length > 0) own.savedBetween();
  }

  private async stands(standing: Standing, cycle: Cycle): Promise<void> {
    const { deliver } = this.spec;
    const { image, hash } = standing;
    const ref = formatReference(image.deployRef.cluster);
    const isNew = ref !== this.ref;
    const isFirst = this.standing === undefined;
    if (deliver && isNew) await cycle.measure('push', () => deliver(image));
    this.standing = standing;
    this.settledAt = this.host.clock.now();
    // What was saved since is another's work: this one has arrived.
    this.workSince = this.pending && this.settledAt;
    cycle.ref = ref;
    // Who is made of it has work before this one has none: all is not up to date.
    if (isNew) this.host.onSettled(this, cycle);
    this.settle();
    const { found } = this.maker.own;
    if (hash === undefined && found)
      this.enter('failed', ownWrites(this.name, found));
    else if (hash === undefined) this.look();
    if (!isNew) cycle.end(isFirst ? 'unchanged' : 'done');
  }

  private settle(): void {
    this.failed = undefined;
    this.failures = 0;
    this.isHeld = false;
    this.enter('current');
  }

  private async fails(error: unknown, cycle: Cycle): Promise<void> {
    const { signal, secrets } = this.host;
    if (signal.aborted) return;
    // By a newer save, which is looked at next.
    if (hasCode(error, 'SLIPWAY_E_CANCELLED')) return cycle.end('superseded');
    this.failed = this.trying;
    const { own, after } = this.maker;
    if (after && own.isSuspected && !own.found) this.look();
    const fault = faultOf(error, secrets());
    this.enter('failed', fault);
    cycle.end('failed', fault);
    if (await this.isAway(error)) this.tryAgainLater();
    else this.failures = 0;
  }

  /** A command that builds in a Docker that has gone says so in its own words. */
  private async isAway(error: unknown): Promise<boolean> {
    if (mayPass(error)) return true;
    const { plan, systems } = this.spec;
    const isOfDocker =
      hasCode(error, 'SLIPWAY_E_COMMAND_FAILED') && isInDocker(plan);
    if (!isOfDocker) return false;
    try {
      await systems.docker.ping();
      return false;
    } catch (reason) {
      return reason instanceof SlipwayError;
    }
  }

  private tryAgainLater(): void {
    const { clock } = this.host;
    this.failures += 1;
    this.forgetRetry = clock.after(pauseBefore(this.failures), () =>
      this.wake({ at: clock.now(), isForced: false, isGranted: true }),
    );
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

/** All of its options that say what is built of what. */
function textOf({ plan, parents, preparation }: ServedImage): string {
  return JSON.stringify([plan, parents, preparation]);
}

function joined(one: Pending | undefined, other: Pending): Pending {
  return {
    at: Math.min(one?.at ?? other.at, other.at),
    isForced: one?.isForced || other.isForced,
    isGranted: one?.isGranted || other.isGranted,
  };
}
