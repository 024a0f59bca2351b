import { manualClock, type ManualClock } from '../../../testing/manual-clock';
import { contentOf, placeOf, syncOf } from '../../plan';
import { liveUpdate as rules, rule, sync } from '../../testing/rules';
import type { LiveUpdate, Run } from '../../types';
import { openFleet } from '../fleet';
import type { PodObject } from '../pod';
import type { Desired, Fleet, FleetParts, Held } from '../types';
import { MemoryDisk } from './memory-notes';
import { SimulatedPods, type SimulatedPod } from './simulated-pods';

export const run = (written: string, ...trigger: string[]): Run => ({
  argv: ['sh', '-c', written],
  written,
  ...(trigger.length > 0 && { trigger: trigger.map(rule) }),
});

export const liveUpdate = (parts: Partial<LiveUpdate> = {}): LiveUpdate =>
  rules({
    syncs: [sync('src', '/app'), sync('data', '/volume')],
    ...parts,
  });

/** What the build itself has made where files are brought. */
const BUILT: [string, string] = ['/app/built', 'file built'];

/** An image as it was built. */
interface Image {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
}

export const state = (text: string) => `file ${text}`;

/** One image, its pods, and a fleet that keeps them. */
export class FleetStage {
  readonly workspace = new Map<string, string>();
  readonly clock: ManualClock = manualClock();
  readonly later: Held[] = [];
  readonly strangers: PodObject[] = [];
  readonly warnings: string[] = [];
  readonly pods: SimulatedPods;
  image: Image = { name: 'shop/web:1', files: new Map() };
  fleet: Fleet;
  private readonly disk = new MemoryDisk();
  private readonly images = new Map<string, ReadonlyMap<string, string>>();
  private builds = 1;
  private generation = 1;

  /** @param pause default: the next turn */
  constructor(
    readonly update: LiveUpdate = liveUpdate(),
    private readonly pause: () => Promise<void> = nextTurn,
    private readonly overrides: Partial<FleetParts> = {},
  ) {
    this.pods = new SimulatedPods({
      pause,
      workspace: this.workspace,
      liveUpdate: update,
      image: () => this.image.name,
      now: () => this.clock.now(),
    });
    this.fleet = this.open();
  }

  private open(): Fleet {
    const { pods } = this;
    const { era } = pods;
    // One that was killed does nothing any more.
    const isOver = () => era !== pods.era;
    const fleet: Fleet = openFleet({
      openLink: (place) => pods.link(place),
      readPod: async ({ pod }) => {
        await this.pause();
        return pods.object(pod);
      },
      annotate: async ({ metadata: { name, uid } }, value) => {
        await this.pause();
        const pod = pods.pods.get(name);
        if (pod && pod.uid === uid && !isOver()) pod.annotation = value;
      },
      writer: 'me',
      onLater: (held) => void (isOver() || this.later.push(held)),
      onStranger: (pod) => void (isOver() || this.strangers.push(pod)),
      notes: this.disk.open(this.pause),
      clock: this.clock,
      signal: new AbortController().signal,
      say: { warn: (line) => this.warnings.push(line) },
      ...this.overrides,
    });
    return fleet;
  }

  /** The image is built of the workspace as it is. */
  build(): void {
    this.builds += 1;
    this.generation += 1;
    const name = `shop/web:${this.builds}`;
    this.image = { name, files: new Map(this.workspace) };
    this.images.set(name, this.filesOf(this.workspace).set(...BUILT));
  }

  /** The same image stands again, of other inputs. */
  standAgain(): void {
    this.generation += 1;
  }

  /** @returns one that runs */
  addPod(name: string): SimulatedPod {
    const pod = this.pods.create(name, this.image.name);
    this.startPod(pod);
    return pod;
  }

  /** Its container has ended, and starts again. */
  restart(pod: SimulatedPod): void {
    if (pod.state === 'ending') return;
    this.pods.stop(pod, 'starting');
    this.startPod(pod);
  }

  startPod(pod: SimulatedPod): void {
    this.pods.start(pod, this.images.get(pod.image) ?? new Map());
  }

  /** What the API server has is told. */
  watch(): void {
    this.fleet.setPods('shop', this.pods.objects());
  }

  desired(): Desired {
    const { name, files } = this.image;
    const base = contentOf(this.update, files);
    return {
      isOurs: (image) => image === name,
      generation: `${name} ${this.generation}`,
      liveUpdate: this.update,
      base: new Map([...base].map(([path, entry]) => [path, entry.state])),
      content: contentOf(this.update, this.workspace),
      ...(this.update.syncs.length === 0 && {
        followed: { base: files, now: new Map(this.workspace) },
      }),
    };
  }

  hold(): Promise<Held> {
    return this.fleet.hold(this.desired());
  }

  /** The serve is killed, and another starts. */
  killServe(): void {
    this.pods.killLinks();
    void this.fleet.close();
    this.fleet = this.open();
  }

  /** Until nothing more happens by itself. */
  async quiet(): Promise<void> {
    for (let turn = 0; turn < 30; turn += 1) await nextTurn();
  }

  /** What containers are to hold in the end. */
  expected(): Map<string, string> {
    return this.filesOf(this.workspace).set(...BUILT);
  }

  /** What containers hold of files of the workspace. */
  private filesOf(workspace: ReadonlyMap<string, string>): Map<string, string> {
    const { update } = this;
    return new Map(
      [...workspace].flatMap(([path, text]) => {
        const sync = syncOf(update, path);
        return sync ? [[placeOf(sync, path).path, text]] : [];
      }),
    );
  }
}

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
