import { currentImage, type CurrentImage, type Parent } from '../build';
import { formatReference } from '../image';
import {
  changedFiles,
  changedPaths,
  type DepTree,
  type FileStates,
} from '../inputs';
import type { PodObject } from '../live-update';
import { hasCode, type SlipwayError } from '../report';
import { Cycle } from './cycle';
import type { ServedImage } from './desired';
import type { Fault } from './events';
import type { ImageHost } from './image-host';
import { ImageMaker } from './image-maker';
import { ImageReporter } from './image-reporter';
import { isAway } from './is-away';
import { ImageLive, type LiveNow } from './live';
import { ownWrites } from './own-writes-fault';
import { pauseUntil } from './pause-until';
import { asked, type Pending } from './pending';
import { Retries } from './retries';
import { seeInputs, seeSources, type Seen, type SeenInputs } from './seen';
import { placeOf, textOf, type Standing, type Stood } from './standing';
import { Unit } from './unit';

/** How long nothing may change before a build that is suspected runs again. */
const QUIET_MS = 1000;

/** What was tried: sources of tasks, or inputs of the command. */
interface Tried {
  readonly sources?: string;
  readonly hash?: string;
}

/**
 * One image, kept as its files are: hashes its inputs when they may have
 * changed, builds what nothing stands of, and gives way to a newer save. Passes
 * come one after the other, so that no older content ever follows a newer one.
 */
export class ImageUnit extends Unit<ServedImage> {
  /** When the image that stands came, by the clock. */
  settledAt = -Infinity;
  private readonly retries: Retries;
  private readonly maker: ImageMaker;
  private readonly live: ImageLive;
  private standing?: Stood;
  /** Of what its children's containers hold, where they take it without a build. */
  private lent?: SeenInputs;
  /** What is being tried. */
  private trying: Tried = {};
  /** What failed, and of what: the same is not tried again unasked. */
  private failed?: Tried & { readonly fault: Fault };

  constructor(
    spec: ServedImage,
    protected override readonly host: ImageHost,
  ) {
    super(spec, host);
    const { clock } = host;
    this.retries = new Retries(clock, () => this.wake(asked(clock.now())));
    this.maker = new ImageMaker(host, {
      news: () => this.passes.pending,
      image: () => this.spec,
      parents: () => this.parents(),
    });
    this.live = new ImageLive(spec, {
      host,
      onTrouble: (error) => this.hasTrouble(error),
    });
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
    this.live.respecify(spec);
    return !isSame;
  }

  /** No manifest uses it any more. */
  retire(): void {
    this.isRetired = true;
    void this.close();
    this.maker.stop();
  }

  /** The pods of a manifest set that it stands in, as they are now. */
  setPods(set: string, pods: readonly PodObject[]): void {
    this.live.setPods(set, pods);
  }

  /** The files that it, and all that it is built on, are of. */
  get wholeFiles(): FileStates | undefined {
    const own = this.lent?.files ?? this.standing?.files;
    return own && this.withParents(own);
  }

  /** Whether its containers, or those of its children, are given such changes. */
  takes(changed: readonly string[]): boolean {
    if (!this.standing || this.isRetired) return false;
    return this.live.isOn
      ? this.live.takes(changed)
      : this.host.areTaken(this, changed);
  }

  /** What it has lent is not enough any more: its image is to be built. */
  recall(): boolean {
    if (!this.lent) return false;
    this.lent = undefined;
    this.live.mustBuild = true;
    this.look(undefined, true);
    return true;
  }

  /** Where its inputs are, and those of what prepares it. */
  trees(): Promise<DepTree[]> {
    const { plan, preparation, live } = this.spec;
    return this.treesOf([
      plan.deps,
      ...(preparation ? [preparation.sources] : []),
      ...(live?.fed ? [live.fed.outputs] : []),
    ]);
  }

  async close(): Promise<void> {
    this.retries.over();
    await this.live.close();
  }

  protected override get hasFailed(): boolean {
    return this.failed !== undefined;
  }

  protected override wake(pending: Pending): boolean {
    const isNews = super.wake(pending);
    if (isNews) this.maker.giveWay();
    return isNews;
  }

  protected override idles(): void {
    this.host.onSettled(this);
  }

  protected override async pass(pending: Pending): Promise<void> {
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
    await this.maker.tidied;
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
    const now = await this.seeWritten(() =>
      seeInputs(spec, parents, host.knownFiles),
    );
    this.trying = { hash: now.hash };
    if (!pending.isForced && (await this.needsNone(now, pending, cycle)))
      return;
    if (this.isHeldBack(pending)) return;
    if (this.recallsParents()) {
      this.wake({ ...pending, isGranted: true });
      return;
    }
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
        this.seen = inputs.files;
        this.trying = { hash: inputs.hash };
      };
      const image = spec;
      const build = { image, parents, cycle, onInputs, onEnded };
      return this.maker.build(build);
    });
    if (standing) await this.stands(standing, spec, cycle);
  }

  /** Whether all is done without a build, or is to be left as it is. */
  private async needsNone(
    now: SeenInputs,
    pending: Pending,
    cycle: Cycle,
  ): Promise<boolean> {
    const live = await this.liveNow(now);
    if (live) this.trying = { hash: live.key };
    if (this.isAsAsked(now, live)) {
      this.isAsItWas(cycle);
      return true;
    }
    if (!pending.isAgain && this.hasFailedOf(now)) {
      this.isNoNews();
      return true;
    }
    if (live && (await this.syncs(live, pending, cycle))) return true;
    if (this.lends(now)) return true;
    this.retries.begun();
    const found = await this.find(now);
    if (!found) return false;
    cycle.detected();
    await this.stands(found, this.spec, cycle);
    return true;
  }

  private isAsAsked(now: SeenInputs, live?: LiveNow): boolean {
    if (this.live.mustBuild) return false;
    if (live) return this.live.isTold(live) && !this.failed;
    return this.isStanding(now);
  }

  /** What its containers can be given; undefined if none can run it yet. */
  private async liveNow(now: SeenInputs): Promise<LiveNow | undefined> {
    if (!this.standing || !this.isInPlace()) return undefined;
    return this.live.see(now, this.withParents(now.files));
  }

  /** @returns false if the image must be built */
  private async syncs(
    now: LiveNow,
    pending: Pending,
    cycle: Cycle,
  ): Promise<boolean> {
    const { live } = this;
    if (!live.suffices(now)) return false;
    if (this.isHeldBack(pending)) return true;
    this.tellChange(now.files);
    cycle.detected();
    const wasNews = this.isNewsThatItIs();
    if (live.brings(now)) this.situation.enter('syncing');
    const brought = await live.bring(now, cycle);
    if (this.isOver) return true;
    if (!brought) return false;
    this.settledAt = this.host.clock.now();
    this.settle();
    if (brought.isNews) cycle.end('done');
    else if (wasNews) cycle.end('unchanged');
    return true;
  }

  /** Whether what is built on it takes its files without a build. */
  private lends(now: SeenInputs): boolean {
    const { standing, host } = this;
    const { isOn, mustBuild } = this.live;
    if (isOn || mustBuild || !standing || !this.isInPlace()) return false;
    if (standing.facts !== now.facts) return false;
    const changed = changedPaths(standing.files, now.files);
    if (!host.areTaken(this, [...changed, ...standing.moved])) return false;
    this.tellChange(now.files);
    this.lent = now;
    this.settle();
    host.onLent(this);
    return true;
  }

  /** @returns whether it must wait for images that it is built on */
  private recallsParents(): boolean {
    const parents = this.parentKeys.map((key) => this.host.image(key));
    const recalled = parents.filter((parent) => parent?.recall());
    if (recalled.length > 0) this.live.mustBuild = true;
    return recalled.length > 0;
  }

  private withParents(own: FileStates): FileStates {
    if (this.parentKeys.length === 0) return own;
    const whole = new Map<string, string>();
    for (const key of this.parentKeys) {
      const { wholeFiles } = this.host.image(key) ?? {};
      for (const [path, state] of wholeFiles ?? []) whole.set(path, state);
    }
    for (const [path, state] of own) whole.set(path, state);
    return whole;
  }

  /** A container that came later does not hold what it is to hold. */
  private hasTrouble(error: SlipwayError): void {
    if (this.isOver) return;
    try {
      // A build would run it no better.
      if (error.code === 'SLIPWAY_E_LIVE_RUN') throw error;
      this.live.cannot(this.trying.hash, error);
      this.look(undefined, true);
    } catch {
      this.noteFailure(this.faultOf(error));
    }
  }

  /** Whether what stands is of these inputs, and where it is to stand now. */
  private isStanding({ hash }: Seen): boolean {
    return hash === this.standing?.hash && this.isInPlace();
  }

  private isInPlace(): boolean {
    return this.standing?.place === placeOf(this.spec.plan);
  }

  /** What was built of these inputs before, and stands. */
  private async find(now: SeenInputs): Promise<Standing | undefined> {
    const isFirst = this.seen === undefined;
    // Once something was built here, the record is that of another build.
    const isOfThis = isFirst || !this.isInPlace();
    this.tellChange(now.files);
    const image = await this.imageOf(now.hash, isOfThis ? 'both' : 'ledger');
    if (image) return { image, ...now, moved: [] };
    return isFirst ? this.findLast(now) : undefined;
  }

  /** What stood when a serve ended last, if live updates make up for the rest. */
  private async findLast(now: SeenInputs): Promise<Standing | undefined> {
    const whole = this.withParents(now.files);
    const last = await this.live.lastBase(now, whole);
    const image = last && (await this.imageOf(last.hash, 'both'));
    return image && { image, ...last, moved: [] };
  }

  private imageOf(hash: string, asked: 'both' | 'ledger') {
    const { plan, systems } = this.spec;
    const { emit, signal, knownFiles } = this.host;
    const reporter = new ImageReporter(this.name, emit);
    const all = { ...systems, reporter, signal, knownFiles };
    return currentImage(plan, hash, all, asked);
  }

  /** Whether it has failed of the same, or all that has changed it wrote itself. */
  private hasFailedOf(now: Seen): boolean {
    const { after, own } = this.maker;
    if (after) {
      if (changedFiles(after, now.files).length > 0) own.savedBetween();
      else if (own.found) return true;
    }
    return this.trying.hash === this.failed?.hash;
  }

  private isAsItWas(cycle: Cycle): void {
    if (this.lent) {
      this.lent = undefined;
      this.host.onLent(this);
    }
    const isNews = this.isNewsThatItIs();
    this.settle();
    if (isNews) cycle.end('unchanged');
  }

  /** Put back as it was, after something else had failed or was held back. */
  private isNewsThatItIs(): boolean {
    return this.state === 'failed' || this.state === 'changed';
  }

  /** It was looked at meanwhile, and has failed as before. */
  private isNoNews(): false {
    const { failed, state } = this;
    if (failed && state !== 'failed') {
      this.situation.enter('failed', failed.fault);
    }
    return false;
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
    this.lent = undefined;
    this.settledAt = this.host.clock.now();
    // What was saved since is another's work: this one has arrived.
    this.workSince = this.passes.pending && this.settledAt;
    const whole = this.withParents(standing.files);
    this.live.stands(standing, whole);
    // Containers of before may hold more, and the files may be others by now.
    if (this.live.isOn) this.look(undefined, true);
    cycle.ref = ref;
    const { found } = this.maker.own;
    // First: it is not up to date, nor is what is made of it.
    if (hash === undefined && !found) this.look();
    if (isNew) this.host.onSettled(this, cycle);
    if (hash === undefined && found) {
      this.noteFailure(ownWrites(this.name, found));
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
    if (this.host.signal.aborted) return;
    // By a newer save, which is looked at next.
    if (hasCode(error, 'SLIPWAY_E_CANCELLED')) return cycle.end('superseded');
    const { own, after } = this.maker;
    if (after && own.isSuspected && !own.found) this.look();
    const fault = this.faultOf(error);
    this.noteFailure(fault);
    cycle.end('failed', fault);
    if (await isAway(error, this.spec)) this.retries.later();
    else this.retries.over();
  }

  private noteFailure(fault: Fault): void {
    this.failed = { ...this.trying, fault };
    this.situation.enter('failed', fault);
  }
}
