import {
  currentImage,
  type BuildPlan,
  type CurrentImage,
  type Parent,
} from '../build';
import { formatReference } from '../image';
import { changedFiles, depFiles, depTrees, type DepTree } from '../inputs';
import { hasCode } from '../report';
import { Cycle } from './cycle';
import type { ServedImage } from './desired';
import type { Fault, ImageState } from './events';
import { faultOf } from './fault';
import type { ImageHost } from './image-host';
import { ImageMaker, type Standing } from './image-maker';
import { ImageReporter } from './image-reporter';
import { isAway } from './is-away';
import { ownWrites } from './own-writes-fault';
import { pauseUntil } from './pause-until';
import { asked, joined, type Pending } from './pending';
import { Retries } from './retries';
import { seeInputs, seeSources, type Seen } from './seen';
import { Situation } from './situation';

/** How long nothing may change before a build that is suspected runs again. */
const QUIET_MS = 1000;
/** Of what has changed, so many files are named. */
const MOST_NAMED = 5;

/** What was tried: sources of tasks, or inputs of the command. */
interface Tried {
  readonly sources?: string;
  readonly hash?: string;
}

/** An image, and where it was brought. */
interface Stood extends Standing {
  readonly place: string;
}

/**
 * One image, kept as its files are: hashes its inputs when they may have
 * changed, builds what nothing stands of, and gives way to a newer save. Passes
 * come one after the other, so that no older content ever follows a newer one.
 */
export class ImageUnit {
  /** Since when there is something to do, by the clock; none: it is idle. */
  workSince?: number;
  /** When the image that stands came, by the clock. */
  settledAt = -Infinity;
  /** Whether what was done last was asked for: so is what is built on it. */
  isGranted = false;
  private readonly situation: Situation<ImageState>;
  private readonly retries: Retries;
  private readonly maker: ImageMaker;
  private standing?: Stood;
  private pending?: Pending;
  private working?: Promise<void>;
  /** Held back until somebody asks. */
  private held?: Pending;
  private isRetired = false;
  /** What is being tried. */
  private trying: Tried = {};
  /** What failed, and of what: the same is not tried again unasked. */
  private failed?: Tried & { readonly fault: Fault };
  /** The inputs as they were last seen, to tell what has changed. */
  private seen?: Seen;

  constructor(
    private spec: ServedImage,
    private readonly host: ImageHost,
  ) {
    const { clock, emit } = host;
    const { name: image } = spec;
    this.situation = new Situation<ImageState>('checking', (state, fault) => {
      if (this.isRetired) return;
      emit({ type: 'state', image, state, ...(fault && { fault }) });
      host.onState();
    });
    this.retries = new Retries(clock, () => this.wake(asked(clock.now())));
    this.maker = new ImageMaker(host, {
      news: () => this.pending,
      image: () => this.spec,
      parents: () => this.parents(),
    });
  }

  get key(): string {
    return this.spec.key;
  }

  get name(): string {
    return this.spec.name;
  }

  get state(): ImageState {
    return this.situation.state;
  }

  /** Milliseconds since 1970. */
  get since(): number {
    return this.situation.since;
  }

  get fault(): Fault | undefined {
    return this.situation.fault;
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
   * @param isGranted not held back
   */
  look(at = this.host.clock.now(), isGranted = false): void {
    this.wake({ at, isForced: false, isGranted, isAgain: false });
  }

  /** The first time, whoever is asked for the next. */
  start(at: number): void {
    this.look(at, true);
  }

  /** Asked for by hand. @param isForced even if nothing has changed */
  trigger(isForced: boolean): void {
    if (!isForced && !this.held && !this.failed) return;
    this.wake({ ...asked(this.host.clock.now()), isForced });
  }

  /** What was held back is looked at again. */
  release(): void {
    const { held } = this;
    if (held) this.wake({ ...held, at: this.host.clock.now() });
  }

  /** When all that is to do is done. */
  async idle(): Promise<void> {
    while (this.working) await this.working;
  }

  close(): void {
    this.retries.over();
  }

  private get isOver(): boolean {
    return this.isRetired || this.host.signal.aborted;
  }

  private wake(pending: Pending): void {
    if (this.isOver) return;
    this.pending = joined(this.pending, pending);
    this.workSince ??= this.host.clock.now();
    if (this.working) this.maker.giveWay();
    else this.working = this.work();
  }

  private async work(): Promise<void> {
    // What is told in one turn is one pass.
    await Promise.resolve();
    while (this.pending && !this.isOver) {
      const { pending } = this;
      this.pending = undefined;
      this.isGranted = pending.isGranted;
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
      const begun = clock.now();
      await this.parentsSettled();
      cycle.waited(clock.now() - begun);
      if (!(await this.isPrepared(pending, cycle))) return;
      const parents = this.parents();
      if (parents) await this.bring(parents, pending, cycle);
      else this.waitsForParent();
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
      this.situation.enter('waiting');
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
    if (hasFailed && !pending.isAgain) return this.isNoNews();
    if (this.isHeldBack(pending)) return false;
    this.retries.begun();
    this.situation.enter('preparing');
    this.trying = { sources: sources.hash };
    await this.maker.prepare(this.spec, sources, cycle);
    this.failed = undefined;
    return true;
  }

  /** @returns undefined if one has no image yet: it wakes this one when it has */
  private parents(): Parent[] | undefined {
    const parents: Parent[] = [];
    for (const { key, asParent } of this.spec.parents) {
      const { image } = this.host.image(key) ?? {};
      if (!image) return undefined;
      parents.push(asParent(image));
    }
    return parents;
  }

  private waitsForParent(): void {
    const { image } = this.host;
    const missing = this.parentKeys.find((key) => !image(key)?.image);
    if (missing === undefined) return;
    const { name = missing } = image(missing) ?? {};
    const message = `waits for ${name}, on which it is built`;
    this.situation.enter('waiting', { message });
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
      if (this.isStanding(now)) return this.isAsItWas(cycle);
      if (!pending.isAgain && this.hasFailedOf(now)) {
        this.isNoNews();
        return;
      }
      this.retries.begun();
      const found = await this.find(now);
      if (found) {
        cycle.detected();
        return this.stands({ image: found, hash: now.hash }, spec, cycle);
      }
    }
    if (this.isHeldBack(pending)) return;
    this.retries.begun();
    if (this.maker.own.isSuspected && !pending.isForced) {
      await this.quietly(parents);
    }
    if (host.slots.isFull) this.situation.enter('waiting');
    const since = host.clock.now();
    const standing = await host.slots.take(async (onEnded) => {
      cycle.waited(host.clock.now() - since);
      // It may have waited long for its place.
      if (this.isOver || this.isHeldBack(pending)) return undefined;
      await host.tidying.pause();
      this.situation.enter('building');
      const onInputs = (inputs: Seen) => {
        this.seen = inputs;
        this.trying = { hash: inputs.hash };
      };
      const image = spec;
      const build = { image, parents, cycle, onInputs, onEnded };
      return this.maker.build(build);
    });
    if (standing) await this.stands(standing, spec, cycle);
  }

  /** Whether what stands is of these inputs, and where it is to stand now. */
  private isStanding({ hash }: Seen): boolean {
    return hash === this.standing?.hash && this.isInPlace();
  }

  private isInPlace(): boolean {
    return this.standing?.place === placeOf(this.spec.plan);
  }

  /** What was built of these inputs before, and stands. */
  private find(now: Seen): Promise<CurrentImage | undefined> {
    const { plan, systems } = this.spec;
    // Once something was built here, the record is that of another build.
    const isOfThis = this.seen === undefined || !this.isInPlace();
    const asked = isOfThis ? 'both' : 'ledger';
    this.tellChange(now);
    const { emit, signal, knownFiles } = this.host;
    const reporter = new ImageReporter(this.name, emit);
    const all = { ...systems, reporter, signal, knownFiles };
    return currentImage(plan, now.hash, all, asked);
  }

  /** Whether it has failed of the same, or all that has changed it wrote itself. */
  private hasFailedOf(now: Seen): boolean {
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

  /** It was looked at meanwhile, and has failed as before. */
  private isNoNews(): false {
    const { failed, state } = this;
    if (failed && state !== 'failed') {
      this.situation.enter('failed', failed.fault);
    }
    return false;
  }

  private isHeldBack(pending: Pending): boolean {
    const { isAuto, isPaused } = this.host;
    const isHeld = isPaused() || !(isAuto() || pending.isGranted);
    this.held = isHeld ? joined(this.held, pending) : undefined;
    if (!isHeld) return false;
    this.retries.over();
    this.situation.enter('changed');
    return true;
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

  private async stands(
    standing: Standing,
    { plan, deliver }: ServedImage,
    cycle: Cycle,
  ): Promise<void> {
    const { image, hash } = standing;
    const ref = formatReference(image.deployRef.cluster);
    const isNew = ref !== this.ref;
    const isFirst = this.standing === undefined;
    if (deliver && isNew) await cycle.measure('push', () => deliver(image));
    if (this.isRetired) return;
    this.standing = { ...standing, place: placeOf(plan) };
    this.settledAt = this.host.clock.now();
    // What was saved since is another's work: this one has arrived.
    this.workSince = this.pending && this.settledAt;
    cycle.ref = ref;
    const { found } = this.maker.own;
    // First: it is not up to date, nor is what is made of it.
    if (hash === undefined && !found) this.look();
    if (isNew) this.host.onSettled(this, cycle);
    if (hash === undefined && found) {
      this.hasFailed(ownWrites(this.name, found));
    } else this.settle();
    if (!isNew) cycle.end(isFirst ? 'unchanged' : 'done');
  }

  private settle(): void {
    this.maker.arrived();
    this.failed = undefined;
    this.held = undefined;
    this.retries.over();
    this.situation.enter('current');
  }

  private async fails(error: unknown, cycle: Cycle): Promise<void> {
    const { signal, secrets } = this.host;
    if (signal.aborted) return;
    // By a newer save, which is looked at next.
    if (hasCode(error, 'SLIPWAY_E_CANCELLED')) return cycle.end('superseded');
    const { own, after } = this.maker;
    if (after && own.isSuspected && !own.found) this.look();
    const fault = faultOf(error, secrets());
    this.hasFailed(fault);
    cycle.end('failed', fault);
    if (await isAway(error, this.spec)) this.retries.later();
    else this.retries.over();
  }

  private hasFailed(fault: Fault): void {
    this.failed = { ...this.trying, fault };
    this.situation.enter('failed', fault);
  }
}

/** What no hash of inputs says: where it is brought, and by which ref. */
function placeOf({ registry, push, pin, tagPrefix }: BuildPlan): string {
  return JSON.stringify([registry, push, pin, tagPrefix]);
}

/** All of its options that say what is built of what. */
function textOf({ plan, parents, preparation }: ServedImage): string {
  return JSON.stringify([plan, parents, preparation]);
}
