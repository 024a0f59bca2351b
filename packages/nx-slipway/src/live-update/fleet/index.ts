export { annotatePod, readPod } from './annotate';
export { LIVE_UPDATE as ANNOTATION } from '../../settings';
export type { NotedBase } from './base-file';
export { openFleet } from './fleet';
export { openNotes } from './notes';
export type { Notes } from './notes';
export type { PodObject } from './pod';
export type {
  Desired,
  FailedIn,
  Fleet,
  FleetClock,
  FleetParts,
  Followed,
  Held,
  NeedsBuild,
} from './types';
