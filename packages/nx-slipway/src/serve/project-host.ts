import type { Clock } from '../build';
import type { ServedPod } from '../deploy';
import type { LoadedManifests } from './desired';
import type { OnEvent } from './events';
import type { ImageUnit } from './image-unit';
import type { ProjectUnit } from './project-unit';

/** The images of a project's manifests. */
export type ProjectImages = Pick<LoadedManifests, 'images' | 'foreign'>;

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
  readonly adopt: (unit: ProjectUnit, images: ProjectImages) => void;
  /** The pods of its set, as they are now; none once the set is lost. */
  readonly onPods: (unit: ProjectUnit, pods: readonly ServedPod[]) => void;
  /** Its manifests cannot be read: what is read may lie elsewhere, too. */
  readonly onUnread: (unit: ProjectUnit) => void;
  readonly onState: () => void;
  /** Somebody has taken its set. */
  readonly onLost: (unit: ProjectUnit) => void;
}
