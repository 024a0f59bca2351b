import type { Clock } from '../build';
import type { KnownFiles } from '../inputs';
import type { PodObject } from '../live-update';
import type { Cycle } from './cycle';
import type { OnEvent } from './events';
import type { ImageUnit } from './image-unit';
import type { Slots } from './slots';
import type { OnChange } from './supersede';
import type { Tidying } from './tidying';

/** What an image has of the serve that it is part of. */
export interface ImageHost {
  readonly clock: Clock;
  readonly emit: OnEvent;
  /** Of builds. */
  readonly slots: Slots;
  readonly tidying: Tidying;
  readonly onChange: OnChange;
  /** The end of all. */
  readonly signal: AbortSignal;
  readonly kill?: AbortSignal;
  readonly knownFiles: KnownFiles;
  readonly secrets: () => readonly string[];
  /** Whether changes are built without being asked for. */
  readonly isAuto: () => boolean;
  readonly isPaused: () => boolean;
  readonly image: (key: string) => ImageUnit | undefined;
  /** Whether all that is built on an image takes changes of it without a build. */
  readonly areTaken: (unit: ImageUnit, changed: readonly string[]) => boolean;
  /** What is built on it takes other files of it than before. */
  readonly onLent: (unit: ImageUnit) => void;
  /** Has another pod take its place. */
  readonly replacePod: (pod: PodObject) => Promise<void>;
  readonly onState: () => void;
  /**
   * A pass is over.
   * @param cycle of an image that is another than before; it is the host's to
   *   end
   */
  readonly onSettled: (unit: ImageUnit, cycle?: Cycle) => void;
}
