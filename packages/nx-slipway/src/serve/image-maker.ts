import {
  buildImage,
  inputFacts,
  untilEither,
  type BuildRun,
  type BuildSystems,
  type CurrentImage,
  type Parent,
} from '../build';
import { changedFiles, changedPaths, type FileStates } from '../inputs';
import { Phases } from '../report';
import type { Cycle } from './cycle';
import type { ServedImage } from './desired';
import type { PhaseName } from './events';
import type { ImageHost } from './image-host';
import { ImageReporter } from './image-reporter';
import { OwnWrites } from './own-writes';
import { seeInputs, seeSources, type Seen } from './seen';
import type { Standing } from './standing';
import { Superseding } from './supersede';

/** Phases of a build as a cycle has them; the others are no time of its own. */
const PHASES: Readonly<Record<string, PhaseName>> = {
  build: 'build',
  tag: 'push',
  verify: 'push',
  push: 'push',
};

/** Something that runs, and may give way to a newer save. */
interface Attempt {
  readonly kind: 'prepare' | 'build';
  readonly image: ServedImage;
  readonly parents: readonly Parent[];
  readonly stop: AbortController;
  /** What it runs for; none: it has not begun. */
  inputs?: Seen;
}

/** What there is to make by now. */
export interface Wanted {
  /** Whether something newer was saved than what runs was begun for. */
  readonly news: () => unknown;
  readonly image: () => ServedImage;
  /** undefined: one of them has no image. */
  readonly parents: () => readonly Parent[] | undefined;
}

export interface BuildAttempt {
  readonly image: ServedImage;
  readonly parents: readonly Parent[];
  readonly cycle: Cycle;
  /** Told what the command is run for. */
  readonly onInputs: (inputs: Seen) => void;
  /** Told when the command has ended well. */
  readonly onEnded: () => void;
}

/**
 * Runs what makes one image, its tasks and its command, one at a time, and
 * stops what runs for less than there is by now.
 */
export class ImageMaker {
  /** The inputs as they were when the last build had ended, well or not. */
  after?: FileStates;
  /** The sources that the tasks last ran for, to a good end. */
  prepared?: string;
  readonly own = new OwnWrites();
  /** When nothing of the last build is left to be done. */
  tidied: Promise<void> = Promise.resolve();
  private readonly superseding: Superseding;
  private attempt?: Attempt;
  private lookingAt?: Attempt;

  constructor(
    private readonly host: ImageHost,
    private readonly wanted: Wanted,
  ) {
    this.superseding = new Superseding(host.onChange);
  }

  /** @throws SLIPWAY_E_CANCELLED if it had to give way; what the tasks throw */
  async prepare(
    image: ServedImage,
    sources: Seen,
    cycle: Cycle,
  ): Promise<void> {
    const { emit, kill } = this.host;
    const stop = new AbortController();
    const reporter = new ImageReporter(image.name, emit, 'prepare');
    // They may leave half of it.
    this.prepared = undefined;
    try {
      this.begin({
        kind: 'prepare',
        image,
        parents: [],
        stop,
        inputs: sources,
      });
      await cycle.measure('prepare', () =>
        untilEither(this.host.signal, stop.signal, async (signal) =>
          image.preparation?.run({
            signal,
            kill,
            onOutput: (stream, chunk) => reporter.output(stream, chunk),
          }),
        ),
      );
      this.prepared = sources.hash;
    } catch (error) {
      if (stop.signal.aborted) this.superseding.stopped();
      else this.superseding.ended();
      throw error;
    } finally {
      reporter.flush();
      this.attempt = undefined;
    }
  }

  /**
   * @returns as soon as the image stands; what is left of the build is waited for
   *   by `tidied`
   * @throws SLIPWAY_E_CANCELLED if it had to give way; as buildImage
   */
  async build(build: BuildAttempt): Promise<Standing> {
    const { image, parents, cycle, onInputs, onEnded } = build;
    const { clock, emit, signal, kill, knownFiles, tidying } = this.host;
    const reporter = new ImageReporter(image.name, emit);
    const stop = new AbortController();
    const attempt: Attempt = { kind: 'build', image, parents, stop };
    this.begin(attempt);
    let moved: readonly string[] = [];
    let movedPaths: readonly string[] = [];
    try {
      const systems = { ...image.systems, reporter, knownFiles, signal, kill };
      const made = await this.untilItStands(image, parents, systems, {
        supersede: stop.signal,
        onEnded,
        tidyLater: (tidy) => tidying.later(image.key, tidy),
        phases: phasesOf(cycle, () => clock.now()),
        onInputs: (hash, files) => {
          attempt.inputs = { hash, files };
          onInputs(attempt.inputs);
          cycle.detected();
          if (this.wanted.news()) this.giveWay();
        },
        onMoved: (files, after) => {
          moved = files;
          this.after = after;
          const before = attempt.inputs?.files ?? after;
          movedPaths = changedPaths(before, after);
        },
      });
      if (moved.length === 0) this.after = attempt.inputs?.files;
      this.superseding.ended();
      this.own.built(moved);
      const files: FileStates =
        attempt.inputs?.files ?? new Map<string, string>();
      const hash = moved.length > 0 ? undefined : made.record.inputHash;
      const facts = inputFacts(image.plan, parents);
      return { image: made, hash, facts, files, moved: movedPaths };
    } catch (error) {
      if (stop.signal.aborted) this.superseding.stopped();
      else await this.noteFailure(attempt);
      throw error;
    } finally {
      reporter.flush();
      this.attempt = undefined;
    }
  }

  private untilItStands(
    { plan }: ServedImage,
    parents: readonly Parent[],
    systems: BuildSystems,
    run: BuildRun,
  ): Promise<CurrentImage> {
    let hasStood = false;
    return new Promise((resolve, reject) => {
      const onStands = (image: CurrentImage) => {
        hasStood = true;
        resolve(image);
      };
      const whole = buildImage(plan, parents, systems, { ...run, onStands });
      this.tidied = whole.then(resolve, (error: Error) => {
        if (hasStood) systems.reporter.warn(error.message);
        else reject(error);
      });
    });
  }

  /** What runs is stopped if there is something newer than what it runs for. */
  giveWay(): void {
    const { attempt } = this;
    if (!attempt?.inputs || this.lookingAt === attempt) return;
    if (!this.superseding.mayStop()) return;
    this.lookingAt = attempt;
    void this.look(attempt).finally(() => {
      if (this.lookingAt === attempt) this.lookingAt = undefined;
    });
  }

  /** What is wanted stands, be it that it was made before. */
  arrived(): void {
    this.superseding.ended();
  }

  /** Whatever runs is of no use any more. */
  stop(): void {
    this.attempt?.stop.abort();
  }

  private begin(attempt: Attempt): void {
    this.attempt = attempt;
    if (this.wanted.news()) this.giveWay();
  }

  private async look(attempt: Attempt): Promise<void> {
    for (;;) {
      const news = this.wanted.news();
      const isOld = await this.isOld(attempt).catch(() => false);
      if (this.attempt !== attempt) return;
      if (isOld) return attempt.stop.abort();
      // What was saved meanwhile may have been missed.
      if (this.wanted.news() === news) return;
    }
  }

  private async isOld(attempt: Attempt): Promise<boolean> {
    const { kind, inputs } = attempt;
    const { knownFiles } = this.host;
    // Options may have been read again, and a parent may be another.
    const image = this.wanted.image();
    const parents = this.wanted.parents() ?? attempt.parents;
    if (image.preparation) {
      const sources = await seeSources(image.preparation, knownFiles);
      const isFor = kind === 'prepare' ? inputs?.hash : this.prepared;
      if (sources.hash !== isFor) return true;
    }
    if (kind === 'prepare' || !inputs) return false;
    const now = await seeInputs(image, parents, knownFiles);
    if (now.hash === inputs.hash) return false;
    return !this.own.explains(changedFiles(inputs.files, now.files));
  }

  /** A build that fails may write into its inputs, too. */
  private async noteFailure({ image, parents, inputs }: Attempt) {
    this.superseding.ended();
    if (!inputs) return;
    const { knownFiles } = this.host;
    const now = await seeInputs(image, parents, knownFiles).catch(() => inputs);
    this.after = now.files;
    this.own.built(changedFiles(inputs.files, now.files));
  }
}

function phasesOf(cycle: Cycle, now: () => number): Phases {
  return new Phases(now, (name, ms) => {
    const phase = PHASES[name];
    if (!phase) return;
    if (ms === undefined) cycle.begins(phase);
    else cycle.passed(phase, ms);
  });
}
