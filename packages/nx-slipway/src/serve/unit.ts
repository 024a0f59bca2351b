import {
  changedFiles,
  depFiles,
  depTrees,
  type DepSelection,
  type DepTree,
  type FileStates,
} from '../inputs';
import type { Fault, ImageState } from './events';
import { faultOf } from './fault';
import type { ImageHost } from './image-host';
import { Passes } from './passes';
import { pauseUntil } from './pause-until';
import { asked, joined, type Pending } from './pending';
import { isLess, type Seen } from './seen';
import { Situation } from './situation';

/** For how long a file may be gone, or empty, while it is written. Milliseconds. */
const WRITING_MS = 100;
/** Of what has changed, so many files are named. */
const MOST_NAMED = 5;

/** What is kept of an image has of the serve that it is part of. */
export type UnitHost = Pick<
  ImageHost,
  | 'clock'
  | 'emit'
  | 'signal'
  | 'knownFiles'
  | 'secrets'
  | 'isAuto'
  | 'isPaused'
  | 'onState'
  | 'replacePod'
>;

/**
 * Something that is kept as its files are: told of saves, it works in passes,
 * and holds back what nobody has asked for.
 */
export abstract class Unit<
  S extends { readonly key: string; readonly name: string },
> {
  /** Since when there is something to do, by the clock; none: it is idle. */
  workSince?: number;
  /** Whether what was done last was asked for: so is what is built on it. */
  isGranted = false;
  protected readonly situation: Situation<ImageState>;
  protected readonly passes: Passes<Pending>;
  /** Held back until somebody asks. */
  protected held?: Pending;
  protected isRetired = false;
  /** The inputs as they were last seen, to tell what has changed. */
  protected seen?: FileStates;

  constructor(
    protected spec: S,
    protected readonly host: UnitHost,
  ) {
    const { emit, onState } = host;
    const { name: image } = spec;
    this.situation = new Situation<ImageState>('checking', (state, fault) => {
      if (this.isRetired) return;
      emit({ type: 'state', image, state, ...(fault && { fault }) });
      onState();
    });
    this.passes = new Passes({
      join: joined,
      isOver: () => this.isOver,
      pass: (pending) => {
        this.isGranted = pending.isGranted;
        return this.pass(pending);
      },
      onIdle: () => {
        this.workSince = undefined;
        this.idles();
      },
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
    if (!isForced && !this.held && !this.hasFailed) return;
    this.wake({ ...asked(this.host.clock.now()), isForced });
  }

  /** What was held back is looked at again. */
  release(): void {
    const { held } = this;
    if (held) this.wake({ ...held, at: this.host.clock.now() });
  }

  /** When all that is to do is done. */
  idle(): Promise<void> {
    return this.passes.idle();
  }

  /** Rejects never. */
  protected abstract pass(pending: Pending): Promise<void>;

  /** A pass is over, and there is nothing to do. */
  protected abstract idles(): void;

  protected abstract get hasFailed(): boolean;

  protected get isOver(): boolean {
    return this.isRetired || this.host.signal.aborted;
  }

  /** @returns whether it comes after a pass that is on its way */
  protected wake(pending: Pending): boolean {
    if (this.isOver) return false;
    this.workSince ??= this.host.clock.now();
    return this.passes.wake(pending);
  }

  protected isHeldBack(pending: Pending): boolean {
    const { isAuto, isPaused } = this.host;
    const isHeld = isPaused() || !(isAuto() || pending.isGranted);
    this.held = isHeld ? joined(this.held, pending) : undefined;
    if (isHeld) this.situation.enter('changed');
    return isHeld;
  }

  /**
   * Its inputs, as they are when nobody is just writing them: Git takes a file
   * away first, many editors empty it.
   */
  protected async seeWritten<T extends Seen>(see: () => Promise<T>) {
    const { clock, signal } = this.host;
    const now = await see();
    if (!this.seen || !isLess(now.files, this.seen)) return now;
    await pauseUntil(WRITING_MS, signal, clock);
    return see();
  }

  protected tellChange(now: FileStates): void {
    const { seen } = this;
    this.seen = now;
    const files = seen ? changedFiles(seen, now) : [];
    if (files.length === 0) return;
    this.host.emit({
      type: 'change',
      subjects: [{ image: this.name }],
      files: files.slice(0, MOST_NAMED),
      count: files.length,
    });
  }

  /** Where these files are, or may come to be. */
  protected async treesOf(of: readonly DepSelection[]): Promise<DepTree[]> {
    const trees = await Promise.all(
      of.map(async (selection) =>
        // What is wrong with them is told by who hashes.
        depTrees(selection, await depFiles(selection).catch(() => [])),
      ),
    );
    return trees.flat();
  }

  protected faultOf(error: unknown): Fault {
    return faultOf(error, this.host.secrets());
  }
}
