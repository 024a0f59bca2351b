import type { FileStates } from '../../inputs';
import {
  decide,
  type Decision,
  type Fleet,
  type Held,
  type PodObject,
} from '../../live-update';
import { SlipwayError } from '../../report';
import type { Cycle } from '../cycle';
import type { LiveParts, ServedLive } from '../desired';
import type { ImageHost } from '../image-host';
import { ImageReporter } from '../image-reporter';
import { hashOf, seeFiles, type SeenInputs } from '../seen';
import { LiveImage, type LiveBase, type LiveFiles } from './live-image';
import { runFailure } from './run-failure';

/** What an image tells its containers by. */
type Host = Pick<ImageHost, 'emit' | 'knownFiles' | 'replacePod'>;

export interface LiveSyncParts {
  /** Of the image, for people. */
  readonly name: string;
  readonly served: ServedLive;
  readonly host: Host;
  /** A container that came later cannot be given what it is to hold. */
  readonly onTrouble: (error: SlipwayError) => void;
}

/** What there is to bring to containers. */
export interface LiveNow extends LiveFiles {
  /** The same of the same files and facts. */
  readonly key: string;
  /** What the targets of syncs read. */
  readonly feeds: (path: string) => boolean;
}

export type Synced =
  | { readonly kind: 'held'; readonly isNews: boolean }
  /** The containers are not to be given it, or cannot. */
  | { readonly kind: 'build'; readonly error: SlipwayError };

/** Keeps the containers of one image as its files are, while no build is needed. */
export class LiveSync {
  private readonly image: LiveImage;
  private readonly fleet: Fleet;
  private readonly reporter: ImageReporter;
  private served: ServedLive;

  constructor(private readonly parts: LiveSyncParts) {
    const { name, served, host, onTrouble } = parts;
    this.served = served;
    this.reporter = new ImageReporter(name, host.emit, 'run');
    const live: LiveParts = {
      reporter: this.reporter,
      onOutput: (_run, stream, chunk) => this.reporter.output(stream, chunk),
      onLater: (held) => this.tellLater(held, onTrouble),
      onStranger: (pod) => this.replaceStranger(pod),
    };
    this.fleet = served.open(live);
    this.image = new LiveImage(() => this.served.liveUpdate, this.fleet);
  }

  /** Its options have been read again. */
  respecify(served: ServedLive): void {
    const before = JSON.stringify(this.served.liveUpdate);
    this.served = served;
    // Containers that come from now on are given it otherwise.
    if (JSON.stringify(served.liveUpdate) !== before) this.image.untell();
  }

  setPods(set: string, pods: readonly PodObject[]): void {
    this.fleet.setPods(set, pods);
  }

  /** Another image stands. */
  stands(base: LiveBase): void {
    this.image.stands(base);
  }

  /** Whether a change of these files would be brought to the containers. */
  takes(changed: readonly string[]): boolean {
    return this.image.takes(changed);
  }

  /** @param whole the files of the image, and of those that it is built on */
  async see(own: SeenInputs, whole: FileStates): Promise<LiveNow> {
    const { fed } = this.served;
    const { facts, hash } = own;
    if (!fed) {
      const key = whole === own.files ? hash : hashOf(whole, hash);
      return { facts, files: whole, key, feeds: () => false };
    }
    const { knownFiles } = this.parts.host;
    const [made, read] = await Promise.all([
      seeFiles(fed.outputs, knownFiles),
      seeFiles(fed.sources, knownFiles),
    ]);
    const files = new Map([...whole, ...made]);
    const key = hashOf(files, hash);
    return { facts, files, key, feeds: (path) => read.has(path) };
  }

  /** Whether the containers may hold something else. */
  brings(now: LiveNow): boolean {
    return this.image.brings(now);
  }

  isTold(now: LiveNow): boolean {
    return this.image.isTold(now);
  }

  /** @returns undefined if no image stands, or if more than files has changed */
  decide(now: LiveNow): Decision | undefined {
    const changed = this.image.changed(now);
    return changed && this.decideOf(changed, now);
  }

  decideOf(changed: readonly string[], { feeds }: LiveNow): Decision {
    return decide(this.served.liveUpdate, changed, feeds);
  }

  /**
   * Has the containers hold what decide has said is theirs.
   * @throws SLIPWAY_E_LIVE_RUN
   */
  async sync({ files }: LiveNow, cycle?: Cycle): Promise<Synced> {
    const held = await this.image.hold(files);
    this.reporter.flush();
    const { needsBuild, failedRuns, isNothing } = held;
    if (cycle) tell(held, cycle);
    if (needsBuild) return { kind: 'build', error: errorOf(needsBuild) };
    const [failed] = failedRuns;
    if (failed) throw runFailure(this.parts.name, failed);
    return { kind: 'held', isNews: !isNothing };
  }

  close(): Promise<void> {
    return this.fleet.close();
  }

  private replaceStranger(pod: PodObject): void {
    const { name } = pod.metadata;
    this.reporter.info(
      `pod ${name} took a live update that nobody here knows of: it is replaced`,
    );
    this.parts.host.replacePod(pod).catch((error: Error) => {
      this.reporter.warn(`pod ${name} is not replaced: ${error.message}`);
    });
  }

  private tellLater(
    held: Held,
    onTrouble: (error: SlipwayError) => void,
  ): void {
    this.reporter.flush();
    const { needsBuild, failedRuns, containers, files } = held;
    const [failed] = failedRuns;
    if (needsBuild) onTrouble(errorOf(needsBuild));
    else if (failed) onTrouble(runFailure(this.parts.name, failed));
    else if (files > 0) {
      this.parts.host.emit({
        type: 'live-update',
        image: this.parts.name,
        ...{ containers, files },
      });
    }
  }
}

function errorOf({ error, why }: NonNullable<Held['needsBuild']>) {
  return (
    error ?? new SlipwayError({ code: 'SLIPWAY_E_LIVE_UPDATE', message: why })
  );
}

function tell({ times, containers, files, isNothing }: Held, cycle: Cycle) {
  if (!isNothing) cycle.passed('sync', times.sync);
  if (times.run !== undefined) cycle.passed('run', times.run);
  if (times.restart !== undefined) cycle.passed('restart', times.restart);
  cycle.live = { containers, files };
}
