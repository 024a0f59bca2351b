import { relative } from 'node:path';
import type { Cluster } from '../cluster';
import type { AppliedSet, ServedPod, ServedSet } from '../deploy';
import { hasCode, type SlipwayError } from '../report';
import type { WatchedTree } from '../watch';
import { Cycle, newest } from './cycle';
import type { LoadedManifests } from './desired';
import type { Fault, ProjectState } from './events';
import { faultOf } from './fault';
import type { ForwardsOption, LogsOption } from './follow';
import { Followers } from './followers';
import { pauseUntil } from './pause-until';
import type { ProjectHost } from './project-host';
import { ProjectObjects, idOf } from './project-objects';
import { Retries } from './retries';
import { mayPass } from './retry';
import { Rollout } from './rollout';
import { Situation } from './situation';
import type { PortForwardStatus } from './status';

/** The manifests of a project, and where they go. */
export interface ServedProject {
  readonly name: string;
  /** None: the default. */
  readonly configuration?: string;
  readonly namespace: string;
  /** Reads the manifests as they are now. */
  readonly load: (signal: AbortSignal) => Promise<LoadedManifests>;
  /** Where they are read from. */
  readonly trees: () => Promise<readonly WatchedTree[]>;
  readonly set: ServedSet;
  /** Whom to tell that somebody has taken the set, also while nothing is done. */
  readonly whenLost: (listener: (error: SlipwayError) => void) => void;
  readonly cluster: Cluster;
  readonly logs: LogsOption;
  /** As the option says now. @throws SLIPWAY_E_OPTION_INVALID */
  readonly portForwards: () => ForwardsOption;
  /** Whether it is waited for until all is ready. */
  readonly wait: boolean;
  /** Milliseconds: of that wait. */
  readonly timeout: number;
}

interface Look {
  /** When it was seen that something may have changed, by the clock. */
  readonly at: number;
  /** Not held back. */
  readonly isGranted: boolean;
  /** Absolute. */
  readonly files: ReadonlySet<string>;
}

/** Manifests as they were read, and the cycle that is of them. */
interface Read {
  readonly loaded: LoadedManifests;
  readonly cycle: Cycle;
}

/** Of what has changed, so many files are named. */
const MOST_NAMED = 5;
/** How long nothing may change before an object is taken away. Milliseconds. */
const QUIET_MS = 1000;

/**
 * The manifest set of one project, kept as its manifests and images are. Passes
 * come one after the other; each takes what is newest when it begins.
 */
export class ProjectUnit {
  /** Whether something of it waits for an image. */
  isHoldingBack = false;
  private readonly situation: Situation<ProjectState>;
  private readonly objects: ProjectObjects;
  private readonly rollout: Rollout;
  private readonly retries: Retries;
  private readonly followers: Followers;
  private loaded?: LoadedManifests;
  /** When that was read, by the clock. */
  private readAt = -Infinity;
  /** Why it could not be read as it is now. */
  private unread?: Fault;
  /** Held back until somebody asks. */
  private held?: Read;
  private pending?: Look;
  /** Read before anything was told. */
  private primed?: Promise<LoadedManifests>;
  private mustApply = false;
  /** Whether it waits until it is known which images stand. */
  private isChecking = false;
  private working?: Promise<void>;
  /** Of what is not applied yet. */
  private cycles: Cycle[] = [];

  constructor(
    private readonly spec: ServedProject,
    private readonly host: ProjectHost,
  ) {
    const { emit, clock, signal } = host;
    const { name: project, timeout } = spec;
    const now = () => clock.now();
    this.situation = new Situation<ProjectState>('waiting', (state, fault) => {
      emit({ type: 'state', project, state, ...(fault && { fault }) });
      host.onState();
    });
    this.objects = new ProjectObjects((key) => host.image(key));
    this.rollout = new Rollout({
      ...{ clock, signal, timeout },
      onReady: () => this.settle(),
      onFailure: (error, cycles) => this.fails(error, cycles),
    });
    this.retries = new Retries(clock, () => {
      if (this.loaded && !this.unread) this.imagesChanged();
      else this.look(now(), [], this.loaded === undefined);
    });
    const onPods = (pods: readonly ServedPod[]) => host.onPods(this, pods);
    this.followers = new Followers({ ...spec, project, emit, now, onPods });
    spec.whenLost((error) => this.fails(error, []));
  }

  get name(): string {
    return this.spec.name;
  }

  get served(): ServedProject {
    return this.spec;
  }

  get state(): ProjectState {
    return this.situation.state;
  }

  /** Milliseconds since 1970. */
  get since(): number {
    return this.situation.since;
  }

  get fault(): Fault | undefined {
    return this.situation.fault;
  }

  /** Whether there is something to do, be it after a pause. */
  get isWorking(): boolean {
    return this.working !== undefined || this.mustApply;
  }

  get portForwards(): readonly PortForwardStatus[] {
    return this.followers.portForwards;
  }

  /** Where its manifests are read from; none is no reason to end. */
  async trees(): Promise<readonly WatchedTree[]> {
    try {
      return await this.spec.trees();
    } catch {
      return [];
    }
  }

  uses(image: string): boolean {
    const { objects = [] } = this.loaded ?? {};
    return objects.some(({ images }) => images.includes(image));
  }

  /** Ends at once if somebody else has the set. */
  async claim(): Promise<void> {
    try {
      await this.spec.set.claim();
    } catch (error) {
      // What is wrong beside that, the first pass tells.
      if (hasCode(error, 'SLIPWAY_E_SET_BUSY')) this.fails(error, []);
    }
  }

  /**
   * Reads its manifests ahead of the first look at them.
   * @returns undefined for what that look will tell of
   */
  async prime(): Promise<LoadedManifests | undefined> {
    this.primed = this.spec.load(this.host.signal);
    return this.primed.catch(() => undefined);
  }

  /**
   * Its manifests may have changed.
   * @param at when that was seen, by the clock
   * @param files absolute
   */
  look(at: number, files: Iterable<string> = [], isGranted = false): void {
    const { pending } = this;
    this.pending = {
      at: Math.min(pending?.at ?? at, at),
      isGranted: isGranted || pending?.isGranted === true,
      files: new Set([...(pending?.files ?? []), ...files]),
    };
    this.wake();
  }

  /** Images of it are others than before. */
  imagesChanged(cycle?: Cycle): void {
    if (cycle) this.cycles = newest(this.cycles, [cycle]);
    this.mustApply = true;
    this.wake();
  }

  /** An image is in another state than before. */
  imageStateChanged(): void {
    const { isChecking, loaded } = this;
    if (!isChecking || !loaded || this.objects.isUnknown(loaded)) return;
    this.isChecking = false;
    this.imagesChanged();
  }

  /** Asked for by hand. */
  trigger(): void {
    if (this.held) this.take(this.held);
    if (this.unread) this.look(this.host.clock.now(), [], true);
    if (this.state === 'failed') this.mustApply = true;
    this.wake();
  }

  /** What was held back is looked at again. */
  release(): void {
    if (this.held && this.isFree()) this.take(this.held);
    this.wake();
  }

  async idle(): Promise<void> {
    while (this.working) await this.working;
  }

  async close(): Promise<void> {
    this.retries.over();
    this.rollout.close();
    await Promise.all([this.followers.close(), this.spec.set.close()]);
  }

  private isFree(): boolean {
    return this.host.isAuto() && !this.host.isPaused();
  }

  private wake(): void {
    const hasWork = this.pending !== undefined || this.mustApply;
    if (this.host.signal.aborted || this.state === 'lost' || !hasWork) return;
    this.working ??= this.work();
  }

  private async work(): Promise<void> {
    // What is told in one turn is taken in one pass.
    await Promise.resolve();
    while (!this.host.signal.aborted && this.state !== 'lost') {
      if (this.pending) await this.load(this.pending);
      else if (this.mustApply && this.loaded && !this.host.isPaused()) {
        await this.apply(this.loaded);
      } else break;
    }
    this.working = undefined;
    if (this.mustApply && this.state !== 'failed') this.settle();
    this.host.onState();
  }

  private async load(look: Look): Promise<void> {
    const { clock, emit } = this.host;
    const { at } = look;
    const now = () => clock.now();
    this.pending = undefined;
    this.retries.begun();
    const subject = { project: this.name };
    const cycle = new Cycle({ subject, at, now, emit });
    const begun = now();
    let ended: number | undefined;
    // Of what is as it was, none is told.
    const tellPhases = () => {
      cycle.passed('detect', begun - at);
      cycle.passed('render', (ended ?? now()) - begun);
    };
    try {
      const loaded = await this.read();
      ended = now();
      if (!(await this.isNews(loaded, look))) return;
      tellPhases();
      this.receive({ loaded, cycle }, look);
    } catch (error) {
      if (ended === undefined) tellPhases();
      this.fails(error, [cycle]);
      this.unread = this.fault;
      this.host.onUnread(this);
    }
  }

  private async read(): Promise<LoadedManifests> {
    const { primed = this.spec.load(this.host.signal) } = this;
    this.primed = undefined;
    const loaded = await primed;
    this.unread = undefined;
    return loaded;
  }

  /** Deals with what is none, too. */
  private async isNews(loaded: LoadedManifests, look: Look): Promise<boolean> {
    const { held } = this;
    if (isSame(this.loaded, loaded)) {
      this.isAsItWas(loaded);
      return false;
    }
    if (held && !this.mayTake(look) && isSame(held.loaded, loaded)) {
      this.held = { ...held, loaded };
      this.settle();
      return false;
    }
    const before = held?.loaded ?? this.loaded;
    if (before && isLess(loaded, before) && (await this.isSavedAgain())) {
      this.look(look.at, look.files, look.isGranted);
      return false;
    }
    if (before) this.tellChange(look.files);
    return true;
  }

  private receive(read: Read, look: Look): void {
    this.held?.cycle.end('superseded');
    if (this.mayTake(look)) return this.take(read);
    this.held = read;
    this.situation.enter('changed');
  }

  private mayTake({ isGranted }: Look): boolean {
    return isGranted || this.isFree();
  }

  /** Many editors empty a file before they write it. */
  private async isSavedAgain(): Promise<boolean> {
    const { signal, clock } = this.host;
    await pauseUntil(QUIET_MS, signal, clock);
    return this.pending !== undefined;
  }

  private isAsItWas(loaded: LoadedManifests): void {
    this.held?.cycle.end('unchanged');
    this.held = undefined;
    this.loaded = loaded;
    // Options may be others all the same.
    this.host.adopt(this, loaded);
    this.followers.optionsRead();
    if (this.state === 'failed') this.mustApply = true;
    if (this.state === 'changed') this.settle();
  }

  private take({ loaded, cycle }: Read): void {
    this.held = undefined;
    this.loaded = loaded;
    this.readAt = this.host.clock.now();
    this.mustApply = true;
    this.cycles.push(cycle);
    this.host.adopt(this, loaded);
  }

  private async apply(loaded: LoadedManifests): Promise<void> {
    const { objects } = this;
    const { clock } = this.host;
    this.mustApply = false;
    this.retries.begun();
    // Most of them stand, and all that do are one pass.
    this.isChecking = objects.isUnknown(loaded);
    if (this.isChecking) return;
    const begun = clock.now();
    let cycles: readonly Cycle[] = [];
    try {
      const desired = await objects.desired(loaded, this.readAt);
      const { ready } = desired;
      this.isHoldingBack = ready.some((each) => each !== 'go');
      if (desired.objects.every(({ isBlocked }) => isBlocked)) {
        return this.situation.enter('waiting', objects.missing(loaded));
      }
      if (!ready.includes('go')) return;
      const isLater = (each: Cycle) => objects.isLater(each, loaded, ready);
      cycles = this.cycles.filter((each) => !isLater(each));
      this.cycles = this.cycles.filter(isLater);
      this.situation.enter('applying');
      for (const cycle of cycles) cycle.begins('apply');
      const applied = await this.spec.set.apply(desired.objects);
      const ms = clock.now() - begun;
      objects.noteSent(loaded, desired, begun);
      for (const cycle of cycles) cycle.passed('apply', ms);
      this.tellObjects(applied);
      this.followers.applied(
        desired.objects.map(({ manifest }) => manifest.object),
      );
      this.retries.over();
      this.follow(applied, cycles);
    } catch (error) {
      this.fails(error, cycles);
    }
  }

  private follow(applied: AppliedSet, cycles: readonly Cycle[]): void {
    if (this.spec.wait) {
      this.situation.enter('progressing');
      this.rollout.begin(applied, cycles);
      return;
    }
    for (const cycle of cycles) cycle.end('done');
    this.settle();
  }

  /** As it is while nothing is read or applied. */
  private settle(): void {
    const { unread, held, mustApply, host } = this;
    if (unread) return this.situation.enter('failed', unread);
    if (held || (mustApply && host.isPaused())) {
      return this.situation.enter('changed');
    }
    if (this.rollout.isWaiting) return this.situation.enter('progressing');
    const missing = this.loaded && this.objects.missing(this.loaded);
    this.situation.enter(missing ? 'waiting' : 'ready', missing);
  }

  private fails(error: unknown, cycles: readonly Cycle[]): void {
    const { signal, secrets, onLost } = this.host;
    if (signal.aborted) return;
    const fault = faultOf(error, secrets());
    const isLost = hasCode(error, 'SLIPWAY_E_SET_BUSY');
    const over = isLost ? [...cycles, ...this.cycles.splice(0)] : cycles;
    for (const cycle of over) cycle.end('failed', fault);
    // Its end is told once, by whoever notices first.
    if (this.state === 'lost') return;
    this.situation.enter(isLost ? 'lost' : 'failed', fault);
    if (isLost) {
      this.host.onPods(this, []);
      onLost(this);
    } else if (mayPass(error)) this.retries.later();
  }

  private tellChange(files: ReadonlySet<string>): void {
    // An option of an image may be another, and no manifest.
    if (files.size === 0) return;
    const { root, emit } = this.host;
    const names = [...files].map((file) => relative(root, file)).sort();
    emit({
      type: 'change',
      subjects: [{ project: this.name }],
      files: names.slice(0, MOST_NAMED),
      count: names.length,
    });
  }

  private tellObjects({ objects: all }: AppliedSet): void {
    const objects = all.filter(({ action }) => action !== 'unchanged');
    if (objects.length === 0) return;
    this.host.emit({ type: 'objects', project: this.name, objects });
  }
}

/** Whether it lacks an object that was there: it would be taken away. */
function isLess(one: LoadedManifests, other: LoadedManifests): boolean {
  const ids = new Set(one.objects.map(({ manifest }) => idOf(manifest)));
  return other.objects.some(({ manifest }) => !ids.has(idOf(manifest)));
}

function isSame(
  one: LoadedManifests | undefined,
  other: LoadedManifests,
): boolean {
  return one !== undefined && textOf(one) === textOf(other);
}

/** Written out once for each. */
const texts = new WeakMap<LoadedManifests, string>();

function textOf(loaded: LoadedManifests): string {
  const known = texts.get(loaded);
  if (known !== undefined) return known;
  const text = JSON.stringify([
    loaded.objects.map(({ manifest, images }) => [manifest.object, images]),
    [...loaded.images, ...loaded.foreign].map(({ key, name }) => [key, name]),
    loaded.uses,
  ]);
  texts.set(loaded, text);
  return text;
}
