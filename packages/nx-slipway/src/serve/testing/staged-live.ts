import type {
  Desired,
  Fleet,
  Held,
  LiveUpdate,
  NotedBase,
  PodObject,
} from '../../live-update';
import { liveUpdate, rule, sync } from '../../live-update/testing/rules';
import type { LiveParts, ServedLive } from '../desired';

/** `FOLDER/live` is brought to /live; FOLDER/native needs a build. */
export const liveUpdateOf = (
  folder: string,
  parts: Partial<LiveUpdate> = {},
): LiveUpdate =>
  liveUpdate({
    fallBackOn: [rule(`${folder}/live/native`)],
    syncs: [sync(`${folder}/live`, '/live')],
    ...parts,
  });

const HELD: Held = {
  containers: 1,
  files: 1,
  times: { sync: 1 },
  failedRuns: [],
  isNothing: false,
};

/**
 * One container that holds what it is told to. The fleet that keeps real ones,
 * with all that can happen to them, has tests of its own.
 */
export class StagedLive {
  readonly pods = new Map<string, readonly PodObject[]>();
  /** What the container holds, by path: the states of files. */
  holds = new Map<string, string>();
  /** Generations of images, each once. */
  readonly generations: string[] = [];
  holding = 0;
  /** By which it was told last. */
  toldBy?: LiveUpdate;
  /** What the next holds come to, in place of going well. */
  readonly outcomes: Partial<Held>[] = [];
  /** While it is there, holds take until it ends. */
  gate?: Promise<void>;
  noted?: NotedBase;
  parts?: LiveParts;

  constructor(readonly liveUpdate: LiveUpdate) {}

  get served(): ServedLive {
    const { liveUpdate } = this;
    return {
      liveUpdate,
      notes: {
        read: () => Promise.resolve(this.noted),
        write: (base) => {
          this.noted = base;
          return Promise.resolve();
        },
      },
      open: (parts) => {
        this.parts = parts;
        return this.fleet();
      },
    };
  }

  private fleet(): Fleet {
    return {
      setPods: (set, pods) => void this.pods.set(set, pods),
      rest: () => undefined,
      close: () => Promise.resolve(),
      hold: async (desired) => {
        this.holding += 1;
        await this.gate;
        return this.hold(desired);
      },
    };
  }

  private hold({ generation, base, content, liveUpdate }: Desired): Held {
    this.toldBy = liveUpdate;
    if (this.generations.at(-1) !== generation) {
      this.generations.push(generation);
      this.holds = new Map(
        [...base].flatMap(([path, state]) =>
          state === undefined ? [] : [[path, state] as const],
        ),
      );
    }
    const wanted = new Map(
      [...content].map(([path, { state }]) => [path, state]),
    );
    const isNothing = isSame(wanted, this.holds);
    const outcome = isNothing ? {} : this.outcomes.shift();
    if (!outcome?.needsBuild) this.holds = wanted;
    return { ...HELD, isNothing, ...outcome };
  }
}

function isSame(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): boolean {
  return (
    one.size === other.size &&
    [...one].every(([path, state]) => other.get(path) === state)
  );
}
