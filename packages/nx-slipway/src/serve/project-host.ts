import type { Clock } from '../build';
import type { ServedImage } from './desired';
import type { OnEvent } from './events';
import type { ImageUnit } from './image-unit';
import type { ProjectUnit } from './project-unit';

/** What a project has of the serve that it is part of. */
export interface ProjectHost {
  /** Of the workspace. */
  readonly root: string;
  readonly clock: Clock;
  readonly emit: OnEvent;
  readonly signal: AbortSignal;
  readonly secrets: () => readonly string[];
  readonly isAuto: () => boolean;
  readonly isPaused: () => boolean;
  readonly image: (key: string) => ImageUnit | undefined;
  /** The images of its manifests, as they have just been read. */
  readonly adopt: (unit: ProjectUnit, images: readonly ServedImage[]) => void;
  /** Its manifests cannot be read: what is read may lie elsewhere, too. */
  readonly onUnread: (unit: ProjectUnit) => void;
  readonly onState: () => void;
  /** Somebody has taken its set. */
  readonly onLost: (unit: ProjectUnit) => void;
}
