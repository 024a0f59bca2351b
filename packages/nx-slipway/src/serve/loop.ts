import { setMaxListeners } from 'node:events';
import type { Clock } from '../build';
import { isIgnoreFile, KnownFiles } from '../inputs';
import type { PodObject } from '../live-update';
import type { Changes, WatchedTree, Watcher } from '../watch';
import type { Cycle } from './cycle';
import type { ServedImage } from './desired';
import type { Fault, OnEvent, Trigger } from './events';
import { faultOf } from './fault';
import type { ImageHost } from './image-host';
import type { ImageUnit } from './image-unit';
import type { ProjectHost, ProjectImages } from './project-host';
import { pauseUntil } from './pause-until';
import { ProjectUnit, type ServedProject } from './project-unit';
import { Slots } from './slots';
import type { ServeControls, ServeStatus } from './status';
import type { OnChange } from './supersede';
import { Tidying } from './tidying';
import { Units, type AnyUnit } from './units';
import { unknownImage } from './unknown-image';
import { Watched } from './watched';

/** So long it is waited with the header for the images to be known. */
const HEADER_MS = 2000;

/** All that a serve is started with. */
export interface ServeSession {
  /** Of the workspace, absolute. */
  readonly root: string;
  readonly context: string;
  readonly projects: readonly ServedProject[];
  readonly configuration: Configuration;
  readonly trigger: Trigger;
  readonly onChange: OnChange;
  /** Builds at a time, 1 or more. */
  readonly parallel: number;
  readonly openWatcher: (onChanges: (changes: Changes) => void) => Watcher;
  readonly emit: OnEvent;
  readonly clock: Clock;
  readonly secrets: () => readonly string[];
  readonly signal: AbortSignal;
  readonly kill?: AbortSignal;
}

/** What the options are read from. */
export interface Configuration {
  /** Absolute. */
  readonly files: () => readonly string[];
  /**
   * What is loaded from now on is of what they say now.
   * @returns whether that is anything else than before
   */
  readonly reload: (signal: AbortSignal) => Promise<boolean>;
}

/** How a serve has ended. */
export interface ServeEnd {
  readonly reason: 'cancelled' | 'failed';
  readonly fault?: Fault;
}

/**
 * One process that keeps projects as their files are (design 2.7): what is
 * desired, files, options and manifests, against what is there, records,
 * registry and cluster.
 */
export class ServeLoop implements ServeControls {
  private readonly units: Units;
  private readonly projects: readonly ProjectUnit[];
  private readonly watched: Watched;
  private readonly imageHost: ImageHost;
  private reloading?: Promise<void>;
  /** Images that are to be looked at as soon as their files are heard of. */
  private expected = 0;
  private readonly startedAt = new Date().toISOString();
  private isPausedNow = false;
  /** Since when all is not as it is to be; none: it is. */
  private behindSince?: number;
  private finish!: (end: ServeEnd) => void;
  /** Of all that is done, which is over with the session at the latest. */
  private readonly over = new AbortController();
  private readonly ended: Promise<ServeEnd>;

  constructor(private readonly session: ServeSession) {
    const { clock, emit, kill, secrets, parallel, onChange } = session;
    const { signal } = this.over;
    // One for each image, and more while it is built.
    setMaxListeners(0, signal);
    this.behindSince = clock.now();
    this.ended = new Promise((resolve) => (this.finish = resolve));
    const shared = {
      clock,
      emit,
      signal,
      secrets,
      isAuto: () => session.trigger === 'auto',
      isPaused: () => this.isPausedNow,
      image: (key: string) => this.units.image(key),
      onState: () => this.stateChanged(),
      replacePod: (pod: PodObject) => this.units.replacePod(pod),
    };
    const slots = new Slots(parallel);
    this.imageHost = {
      ...shared,
      kill,
      slots,
      tidying: new Tidying(clock, () => !slots.isIdle),
      onChange,
      knownFiles: new KnownFiles(),
      areTaken: (unit, changed) => this.areTaken(unit, changed),
      onLent: (unit) => {
        for (const child of this.units.childrenOf(unit)) child.look();
      },
      onSettled: (unit, cycle) => this.settled(unit, cycle),
    };
    this.units = new Units(this.imageHost, {
      ...shared,
      knownFiles: this.imageHost.knownFiles,
      replacePods: (unit) => this.units.replacePods(unit),
    });
    const projectHost: ProjectHost = {
      ...shared,
      root: session.root,
      adopt: (project, wanted) => this.adopt(project, wanted),
      onPods: (project, pods) => this.units.setPods(project, pods),
      onUnread: (project) => void this.heed([project]),
      onLost: () => this.lookWhetherLost(),
    };
    this.projects = session.projects.map(
      (project) => new ProjectUnit(project, projectHost),
    );
    this.watched = new Watched(
      session.openWatcher((changes) => this.take(changes)),
    );
  }

  /** Until it is cancelled, or nothing is left that it may write. */
  async run(): Promise<ServeEnd> {
    const { signal, clock } = this.session;
    const cancel = () => {
      this.over.abort();
      this.finish({ reason: 'cancelled' });
    };
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      // Before anything is read: what changes from here on is heard of.
      await this.watch([this.session.configuration, ...this.projects]);
      const primed = this.projects.map(async (project) => {
        await project.claim();
        return project.prime();
      });
      // A cluster that does not answer is waited for with the header told.
      const late = pauseUntil(HEADER_MS, signal, clock).then(() => []);
      const loaded = await Promise.race([Promise.all(primed), late]);
      this.tellStart(loaded.flatMap((each) => each?.images ?? []));
      this.projects.forEach((project, index) => {
        void primed[index]?.then(() => project.look(clock.now(), [], true));
      });
      return await this.ended;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  private tellStart(images: readonly ServedImage[]): void {
    const { session } = this;
    const { context, trigger } = session;
    const [registry] = images.flatMap(({ plan }) => plan.registry?.host ?? []);
    session.emit({
      type: 'start',
      pid: process.pid,
      context,
      ...(registry !== undefined && { registry }),
      projects: session.projects.map(({ name, configuration, namespace }) => ({
        name,
        ...(configuration !== undefined && { configuration }),
        namespace,
      })),
      images: [...new Set(images.map(({ name }) => name))],
      trigger,
    });
  }

  /** Stops all; the cluster stays as it is. */
  async close(): Promise<void> {
    this.over.abort();
    this.watched.close();
    await Promise.all([
      this.imageHost.tidying.close(),
      ...this.units.all.flatMap((unit) => [unit.close(), unit.idle()]),
      ...this.projects.map((project) =>
        project.idle().then(() => project.close()),
      ),
    ]);
  }

  status(): ServeStatus {
    const { context, trigger } = this.session;
    return {
      schema: 1,
      pid: process.pid,
      startedAt: this.startedAt,
      context,
      trigger,
      isPaused: this.isPausedNow,
      isUpToDate: this.behindSince === undefined,
      images: this.units.all.map((unit) => {
        const { ref } = unit;
        return { ...statusOf(unit), ...(ref !== undefined && { ref }) };
      }),
      projects: this.projects.map((project) => {
        const { name, configuration, namespace } = project.served;
        return { ...statusOf(project), name, configuration, namespace };
      }),
      portForwards: this.projects.flatMap(({ portForwards }) => portForwards),
    };
  }

  trigger(image?: string): void {
    if (image === undefined) {
      for (const unit of this.units.all) unit.trigger(false);
      for (const project of this.projects) project.trigger();
      return;
    }
    const units = this.units.all;
    const found = units.filter(({ name }) => name === image);
    if (found.length === 0) {
      throw unknownImage(
        image,
        units.map(({ name }) => name),
      );
    }
    for (const unit of found) unit.trigger(true);
  }

  pause(): void {
    this.isPausedNow = true;
  }

  resume(): void {
    this.isPausedNow = false;
    for (const unit of this.units.all) unit.release();
    for (const project of this.projects) project.release();
  }

  private adopt(project: ProjectUnit, wanted: ProjectImages): void {
    const { added, changed, dropped } = this.units.adopt(project, wanted);
    for (const unit of dropped) this.watched.forget(unit);
    const at = this.session.clock.now();
    // Heard of before they are hashed.
    const { configuration } = this.session;
    const heard = this.heed([configuration, project, ...added, ...changed]);
    this.expected += changed.length;
    void heard.then(() => {
      this.expected -= changed.length;
      for (const unit of added) unit.start(at);
      for (const unit of changed) unit.look(at);
      this.lookWhetherUpToDate();
    });
  }

  /** An image has come to the end of a pass; with a cycle, as another. */
  private settled(unit: ImageUnit, cycle?: Cycle): void {
    const users = this.projects.filter(
      (project) => project.state !== 'lost' && project.uses(unit.key),
    );
    if (cycle) {
      const [first, ...others] = users;
      if (first) first.imagesChanged(cycle);
      else cycle.end('done');
      for (const project of others) project.imagesChanged();
    } else {
      for (const project of users)
        if (project.isHoldingBack) project.imagesChanged();
    }
    for (const child of this.units.childrenOf(unit)) {
      if (cycle || child.state === 'waiting') {
        child.look(undefined, unit.isGranted);
      }
    }
    this.lookWhetherUpToDate();
  }

  /** No pod runs the image itself, and all that do take its files. */
  private areTaken(unit: ImageUnit, changed: readonly string[]): boolean {
    const children = this.units.childrenOf(unit);
    return (
      children.length > 0 &&
      children.every((child) => child.takes(changed)) &&
      !this.projects.some((project) => project.uses(unit.key))
    );
  }

  private take({ paths, all, at }: Changes): void {
    const { configuration } = this.session;
    const touched = <T extends object>(each: Iterable<T>) =>
      [...each].filter((who) => all || this.watched.touches(who, paths));
    const units = touched(this.units.all);
    const projects = touched(this.projects);
    if (touched([configuration]).length > 0) this.reloadAt(at);
    if (all || [...paths].some(isIgnoreFile)) void this.heed(units);
    for (const unit of units) unit.look(at);
    for (const project of projects) {
      project.look(at, this.watched.of(project, paths));
    }
  }

  /** One after the other: each reads what is newest. */
  private reloadAt(at: number): void {
    this.reloading = (this.reloading ?? Promise.resolve()).then(() =>
      this.reload(at),
    );
  }

  private async reload(at: number): Promise<void> {
    const { configuration, signal, emit, secrets } = this.session;
    try {
      if (!(await configuration.reload(signal))) return;
    } catch (error) {
      if (signal.aborted) return;
      const { code, message, hint } = faultOf(error, secrets());
      const said = [code && `${code}:`, message, hint].filter(Boolean);
      emit({ type: 'message', level: 'error', text: said.join(' ') });
      return;
    }
    for (const project of this.projects) project.look(at);
  }

  /** What is to be heard of for each of these. */
  private watch(
    of: readonly (AnyUnit | ProjectUnit | Configuration)[],
  ): Promise<void> {
    return this.watched.watch(of.map((who) => [who, treesOf(who)]));
  }

  /** The same while it goes on, whatever becomes of it. */
  private async heed(
    of: readonly (AnyUnit | ProjectUnit | Configuration)[],
  ): Promise<void> {
    const { emit, secrets } = this.session;
    try {
      await this.watch(of);
    } catch (error) {
      const { message } = faultOf(error, secrets());
      const text = `changes may not be seen: ${message}`;
      emit({ type: 'message', level: 'error', text });
    }
  }

  private stateChanged(): void {
    for (const project of this.projects) project.imageStateChanged();
    this.lookWhetherUpToDate();
  }

  private lookWhetherUpToDate(): void {
    const { clock, emit } = this.session;
    const isUpToDate =
      this.expected === 0 &&
      this.units.all.every(
        ({ state, workSince }) =>
          state === 'current' && workSince === undefined,
      ) &&
      this.projects.every(
        ({ state, isWorking }) => state === 'ready' && !isWorking,
      );
    if (!isUpToDate) {
      this.behindSince ??= clock.now();
      return;
    }
    if (this.behindSince === undefined) return;
    const ms = clock.now() - this.behindSince;
    this.behindSince = undefined;
    emit({ type: 'up-to-date', ms: Math.round(ms) });
  }

  private lookWhetherLost(): void {
    const [first] = this.projects;
    if (!this.projects.every(({ state }) => state === 'lost')) return;
    this.finish({ reason: 'failed', fault: first?.fault });
  }
}

function treesOf(
  who: AnyUnit | ProjectUnit | Configuration,
): Promise<readonly WatchedTree[]> {
  if ('trees' in who) return who.trees();
  return Promise.resolve(who.files().map((path) => ({ path })));
}

function statusOf<S>({
  name,
  state,
  since,
  fault,
}: {
  readonly name: string;
  readonly state: S;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly fault?: Fault;
}) {
  return {
    name,
    state,
    since: new Date(since).toISOString(),
    ...(fault && { fault }),
  };
}
