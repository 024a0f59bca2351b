import { changedPaths, type FileStates } from '../../inputs';
import {
  contentOf,
  decide,
  type Fleet,
  type Held,
  type States,
  type LiveUpdate,
} from '../../live-update';

/** Of what the image was made that containers run. */
export interface LiveBase {
  /** Tells it from another image. */
  readonly generation: string;
  /** Whether a container of a pod spec with this `image` runs it. */
  readonly isOurs: (image: string) => boolean;
  /** A hash of all that counts beside the files. */
  readonly facts: string;
  readonly files: FileStates;
  /** Those of which nobody knows which of two states is in the image. */
  readonly moved: readonly string[];
}

/** Files as they are now, with what counts beside them. */
export interface LiveFiles {
  readonly facts: string;
  readonly files: FileStates;
}

/**
 * An image whose containers are given what is saved while they run (design
 * 2.8): what is decided of a save, and what they were told to hold.
 */
export class LiveImage {
  private base?: LiveBase;
  private told?: FileStates;
  private ground?: {
    readonly base: LiveBase;
    readonly liveUpdate: LiveUpdate;
    readonly holding: States;
  };

  constructor(
    private readonly liveUpdate: () => LiveUpdate,
    private readonly fleet: Pick<Fleet, 'hold' | 'rest'>,
  ) {}

  /**
   * Another image stands: containers of the last one count no more, those of this
   * one hold the files that it was made of.
   */
  stands(base: LiveBase): void {
    this.fleet.rest();
    this.base = base;
    this.told = undefined;
  }

  /** They are to be told again, though the files are the same. */
  untell(): void {
    this.told = undefined;
  }

  /** Whether there is anything to bring: containers may hold something else. */
  brings(now: LiveFiles): boolean {
    return this.told !== undefined || this.changed(now)?.length !== 0;
  }

  /** Whether the containers were told to hold these files. */
  isTold({ facts, files }: LiveFiles): boolean {
    const { base, told } = this;
    if (!told || facts !== base?.facts) return false;
    return changedPaths(told, files).length === 0;
  }

  /**
   * All that may differ from what the image was made of.
   * @returns undefined if no image stands, or if more than files has changed
   */
  changed({ facts, files }: LiveFiles): string[] | undefined {
    const { base } = this;
    if (!base || facts !== base.facts) return undefined;
    return [...changedPaths(base.files, files), ...base.moved];
  }

  /** Whether a change of these files would be brought to the containers. */
  takes(changed: readonly string[]): boolean {
    return (
      this.base !== undefined &&
      decide(this.liveUpdate(), changed).kind === 'sync'
    );
  }

  /** Has the containers hold the files. @throws if no image stands */
  async hold(files: FileStates): Promise<Held> {
    const { base } = this;
    if (!base) throw new Error('No image stands.');
    const { generation, isOurs } = base;
    const liveUpdate = this.liveUpdate();
    this.told = files;
    const { syncs } = liveUpdate;
    return this.fleet.hold({
      ...{ generation, isOurs, liveUpdate },
      base: this.holdingOf(base, liveUpdate),
      content: contentOf(liveUpdate, files),
      ...(syncs.length === 0 && { followed: { base: base.files, now: files } }),
    });
  }

  /** The same each time: what follows of it is kept by it. */
  private holdingOf(base: LiveBase, liveUpdate: LiveUpdate): States {
    const { ground } = this;
    if (ground?.base === base && ground.liveUpdate === liveUpdate) {
      return ground.holding;
    }
    const holding = baseOf(liveUpdate, base);
    this.ground = { base, liveUpdate, holding };
    return holding;
  }
}

/** What containers of the image hold from the start. */
function baseOf(
  liveUpdate: LiveUpdate,
  { files, moved }: LiveBase,
): Map<string, string | undefined> {
  const unknown = new Set(moved);
  const states = new Map<string, string | undefined>();
  for (const [path, { source, state }] of contentOf(liveUpdate, files)) {
    states.set(path, unknown.has(source) ? undefined : state);
  }
  return states;
}
