import { relative } from 'node:path';
import type { AppliedSet, ServedObject, ServedSet } from '../deploy';
import type { Cluster } from '../cluster';
import type { ManifestObject } from '../manifest';
import { hasCode } from '../report';
import type { WatchedTree } from '../watch';
import { Cycle } from './cycle';
import type { LoadedManifests, LoadedObject } from './desired';
import type { Fault, ProjectState } from './events';
import { faultOf } from './fault';
import type { ForwardsOption, LogsOption } from './follow';
import { Followers } from './followers';
import { readinessOf, type Readiness } from './held-back';
import type { ProjectHost } from './project-host';
import { mayPass, pauseBefore } from './retry';
import { pauseUntil } from './pause-until';
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
  readonly at: number;
  readonly isGranted: boolean;
  readonly files: ReadonlySet<string>;
}

/** What was sent of an object last. */
interface Sent {
  readonly manifest: ManifestObject;
  readonly at: number;
}

/**
 * The manifest set of one project, kept as its manifests and images are. Passes
 * come one after the other; each takes what is newest when it begins.
 */
export class ProjectUnit {
  state: ProjectState = 'waiting';
  since = Date.now();
  fault?: Fault;
  private loaded?: LoadedManifests;
  /** When that was read, by the clock. */
  private readAt = -Infinity;
  /** Read, and held back until somebody asks. */
  private held?: { loaded: LoadedManifests; cycle: Cycle };
  private pending?: Look;
  /** Read before anything was told. */
  private primed?: Promise<LoadedManifests>;
  private mustApply = false;
  private working?: Promise<void>;
  private readonly sent = new Map<string, Sent>();
  /** Of what is not applied yet. */
  private cycles: Cycle[] = [];
  /** Of what is applied, and not ready. */
  private unready: Cycle[] = [];
  private waiting?: AbortController;
  private failures = 0;
  private forgetRetry = () => {};
  private readonly followers: Followers;

  constructor(
    private readonly spec: ServedProject,
    private readonly host: ProjectHost,
  ) {
    const { emit, clock } = host;
    const project = spec.name;
    this.followers = new Followers({
      ...spec,
      project,
      emit,
      now: () => clock.now(),
    });
  }

  get name(): string {
    return this.spec.name;
  }

  get served(): ServedProject {
    return this.spec;
  }

  get isWorking(): boolean {
    return this.working !== undefined;
  }

  /** Whether something of it waits for an image. */
  isHoldingBack = false;
  /** Whether it waits until it is known which images stand. */
  private isChecking = false;

  get portForwards(): readonly PortForwardStatus[] {
    return this.followers.portForwards;
  }

  /** Where its manifests are read from; none is no reason to end. */
  trees(): Promise<readonly WatchedTree[]> {
    return this.spec.trees().catch(() => []);
  }

  /** The objects as they were read last. */
  get objects(): readonly LoadedObject[] {
    return this.loaded?.objects ?? [];
  }

  uses(image: string): boolean {
    return this.objects.some(({ images }) => images.includes(image));
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
    if (cycle) this.cycles.push(cycle);
    this.mustApply = true;
    this.wake();
  }

  /** An image is in another state than before. */
  imageStateChanged(): void {
    if (!this.isChecking || !this.loaded || this.isUnknown(this.loaded)) return;
    this.isChecking = false;
    this.imagesChanged();
  }

  /** Asked for by hand. */
  trigger(): void {
    if (this.held) this.take(this.held);
    if (this.state === 'failed') this.mustApply = true;
    this.wake();
  }

  release(): void {
    const { held, host } = this;
    if (held && host.isAuto() && !host.isPaused()) this.take(held);
    this.wake();
  }

  async idle(): Promise<void> {
    while (this.working) await this.working;
  }

  async close(): Promise<void> {
    this.forgetRetry();
    this.waiting?.abort();
    await Promise.all([this.followers.close(), this.spec.set.close()]);
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
      this.forgetRetry();
      if (this.pending) await this.load(this.pending);
      else if (this.mustApply && this.loaded && !this.host.isPaused()) {
        await this.apply(this.loaded);
      } else break;
    }
    this.working = undefined;
    this.host.onState();
  }

  private async load(look: Look): Promise<void> {
    const { host } = this;
    const { clock, emit } = host;
    const now = () => clock.now();
    this.pending = undefined;
    const subject = { project: this.name };
    const cycle = new Cycle({ subject, at: look.at, now, emit });
    try {
      cycle.passed('detect', now() - look.at);
      const { primed = this.spec.load(host.signal) } = this;
      this.primed = undefined;
      const loaded = await cycle.measure('render', () => primed);
      const before = this.held?.loaded ?? this.loaded;
      if (before && isSame(before, loaded)) {
        // An image's options may be others all the same.
        host.adopt(this, loaded.images);
        if (this.loaded && !this.held) this.loaded = loaded;
        if (this.state === 'failed' && !this.mustApply) this.mustApply = true;
        return;
      }
      if (before) this.tellChange(look.files);
      const next = { loaded, cycle };
      const isFree = look.isGranted || (host.isAuto() && !host.isPaused());
      if (isFree) return this.take(next);
      this.held = next;
      this.enter('changed');
    } catch (error) {
      this.fails(error, [cycle]);
    }
  }

  private take({ loaded, cycle }: NonNullable<ProjectUnit['held']>): void {
    this.held = undefined;
    this.loaded = loaded;
    this.readAt = this.host.clock.now();
    this.mustApply = true;
    this.cycles.push(cycle);
    this.host.adopt(this, loaded.images);
  }

  private async apply(loaded: LoadedManifests): Promise<void> {
    const { host, spec } = this;
    this.mustApply = false;
    // Most of them stand, and all that do are one pass.
    this.isChecking = this.isUnknown(loaded);
    if (this.isChecking) return;
    const begun = host.clock.now();
    const { objects, ready, isSomeBlocked } = this.desired(loaded);
    const cycles = this.taken(loaded, ready);
    this.isHoldingBack = ready.some((each) => each !== 'go');
    if (objects.every(({ isBlocked }) => isBlocked)) {
      this.cycles.push(...cycles);
      this.enter('waiting', this.missing(loaded));
      return;
    }
    if (ready.every((each) => each !== 'go')) {
      this.cycles.push(...cycles);
      return;
    }
    this.enter('applying');
    try {
      for (const cycle of cycles) cycle.begins('apply');
      const applied = await spec.set.apply(objects);
      const now = host.clock.now();
      this.noteSent(loaded, objects, ready, begun);
      for (const cycle of cycles) cycle.passed('apply', now - begun);
      this.tellObjects(applied);
      this.followers.applied(objects.map(({ manifest }) => manifest.object));
      this.failures = 0;
      this.follow(applied, cycles, now, isSomeBlocked && loaded);
    } catch (error) {
      this.fails(error, cycles);
    }
  }

  private isUnknown({ images }: LoadedManifests): boolean {
    return images.some(({ key }) => {
      const { state = 'checking' } = this.host.image(key) ?? {};
      return state === 'checking';
    });
  }

  /** What the cluster is to have, as far as it can be said now. */
  private desired(loaded: LoadedManifests) {
    const units = new Map(
      loaded.images.flatMap(({ key }) => {
        const unit = this.host.image(key);
        return unit ? [[key, unit] as const] : [];
      }),
    );
    const current = new Map(
      [...units].flatMap(([key, { image }]) => (image ? [[key, image]] : [])),
    );
    const injected = loaded.inject(current);
    const ready = loaded.objects.map(({ manifest, images }) => {
      const of = images.map((key) => {
        const unit = units.get(key);
        const { workSince, settledAt = -Infinity } = unit ?? {};
        return { isThere: unit?.image !== undefined, workSince, settledAt };
      });
      const appliedAt = this.sent.get(idOf(manifest))?.at ?? -Infinity;
      return readinessOf(of, this.readAt, appliedAt);
    });
    const objects = loaded.objects.map(({ manifest: written }, index) => {
      const manifest = injected[index] ?? written;
      if (ready[index] === 'go') return { manifest, isBlocked: false };
      const before = this.sent.get(idOf(written))?.manifest;
      return { manifest: before ?? manifest, isBlocked: before === undefined };
    });
    const isSomeBlocked = objects.some(({ isBlocked }) => isBlocked);
    return { objects, ready, isSomeBlocked };
  }

  /** The cycles that this pass is of: the others wait for one more image. */
  private taken(
    { objects }: LoadedManifests,
    ready: readonly Readiness[],
  ): Cycle[] {
    const isLater = ({ subject: { image } }: Cycle) =>
      image !== undefined &&
      objects.some(
        ({ images }, index) =>
          ready[index] === 'soon' &&
          images.some((key) => this.host.image(key)?.name === image),
      );
    const later = this.cycles.filter(isLater);
    const taken = this.cycles.filter((cycle) => !later.includes(cycle));
    this.cycles = later;
    return taken;
  }

  private noteSent(
    loaded: LoadedManifests,
    objects: readonly ServedObject[],
    ready: readonly Readiness[],
    at: number,
  ): void {
    loaded.objects.forEach(({ manifest: written }, index) => {
      const manifest = objects[index]?.manifest;
      if (ready[index] !== 'go' || !manifest) return;
      this.sent.set(idOf(written), { manifest, at });
    });
    const ids = new Set(loaded.objects.map(({ manifest }) => idOf(manifest)));
    for (const id of this.sent.keys()) if (!ids.has(id)) this.sent.delete(id);
  }

  private follow(
    applied: AppliedSet,
    cycles: readonly Cycle[],
    since: number,
    lacking: LoadedManifests | false,
  ): void {
    this.waiting?.abort();
    this.unready = replaced(this.unready, cycles);
    const missing = lacking ? this.missing(lacking) : undefined;
    if (!this.spec.wait) {
      for (const cycle of this.unready.splice(0)) cycle.end('done');
      this.enter(missing ? 'waiting' : 'ready', missing);
      return;
    }
    const waiting = new AbortController();
    this.waiting = waiting;
    for (const cycle of cycles) cycle.begins('ready');
    this.enter('progressing', missing);
    void this.awaitReady(applied, waiting, since, missing);
  }

  /** Also after it was given up: somebody may mend what it wants. */
  private async awaitReady(
    applied: AppliedSet,
    waiting: AbortController,
    since: number,
    missing: Fault | undefined,
  ): Promise<void> {
    const { clock, signal } = this.host;
    for (let failures = 0; ; failures += 1) {
      const isOver = () => waiting.signal.aborted || signal.aborted;
      try {
        await applied.ready(waiting.signal, this.spec.timeout);
        if (isOver()) return;
        const ms = clock.now() - since;
        for (const cycle of this.unready.splice(0)) {
          cycle.passed('ready', ms);
          cycle.end('ready');
        }
        return this.enter(missing ? 'waiting' : 'ready', missing);
      } catch (error) {
        if (isOver()) return;
        if (failures === 0) this.fails(error, this.unready.splice(0));
        await pauseUntil(pauseBefore(failures + 3), waiting.signal, clock);
        if (isOver()) return;
      }
    }
  }

  private fails(error: unknown, cycles: readonly Cycle[]): void {
    const { host } = this;
    if (host.signal.aborted) return;
    const fault = faultOf(error, host.secrets());
    for (const cycle of cycles) cycle.end('failed', fault);
    if (hasCode(error, 'SLIPWAY_E_SET_BUSY')) {
      this.enter('lost', fault);
      host.onLost(this);
      return;
    }
    this.enter('failed', fault);
    if (!mayPass(error)) return;
    this.failures += 1;
    this.forgetRetry = host.clock.after(pauseBefore(this.failures), () => {
      if (this.loaded) this.imagesChanged();
      else this.look(host.clock.now(), [], true);
    });
  }

  private missing({ images }: LoadedManifests): Fault | undefined {
    const names = images
      .filter(({ key }) => !this.host.image(key)?.image)
      .map(({ name }) => name);
    if (names.length === 0) return undefined;
    return { message: `${names.join(' and ')}: not there yet.` };
  }

  private tellChange(files: ReadonlySet<string>): void {
    const { root } = this.host;
    const names = [...files].map((file) => relative(root, file)).sort();
    this.host.emit({
      type: 'change',
      subjects: [{ project: this.name }],
      files: names.slice(0, 5),
      count: names.length,
    });
  }

  private tellObjects({ objects: all }: AppliedSet): void {
    const objects = all.filter(({ action }) => action !== 'unchanged');
    if (objects.length === 0) return;
    this.host.emit({ type: 'objects', project: this.name, objects });
  }

  private enter(state: ProjectState, fault?: Fault): void {
    if (this.state === state && !fault && !this.fault) return;
    this.state = state;
    this.since = Date.now();
    this.fault = fault;
    const project = this.name;
    this.host.emit({ type: 'state', project, state, ...(fault && { fault }) });
    this.host.onState();
  }
}

/** Those that wait, less those whose subject has a newer one. */
function replaced(before: readonly Cycle[], now: readonly Cycle[]): Cycle[] {
  const isReplaced = ({ subject }: Cycle) =>
    now.some(
      (each) =>
        each.subject.image === subject.image &&
        each.subject.project === subject.project,
    );
  for (const cycle of before) if (isReplaced(cycle)) cycle.end('superseded');
  return [...before.filter((cycle) => !isReplaced(cycle)), ...now];
}

function idOf({ object: { apiVersion, kind, metadata } }: ManifestObject) {
  const { name, namespace = '' } = metadata;
  return JSON.stringify([apiVersion, kind, namespace, name]);
}

function isSame(one: LoadedManifests, other: LoadedManifests): boolean {
  return textOf(one) === textOf(other);
}

function textOf({ objects, images }: LoadedManifests): string {
  return JSON.stringify([
    objects.map(({ manifest, images: keys }) => [manifest.object, keys]),
    images.map(({ key, name }) => [key, name]),
  ]);
}
