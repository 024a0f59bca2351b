export {
  ANNOTATION,
  annotatePod,
  openFleet,
  openNotes,
  readPod,
} from './fleet';
export type {
  Desired,
  FailedIn,
  Fleet,
  FleetClock,
  FleetParts,
  Followed,
  Held,
  NeedsBuild,
  NotedBase,
  Notes,
  PodObject,
} from './fleet';
export {
  NOTHING,
  changedPlaces,
  contentOf,
  decide,
  difference,
  isInitial,
  runsFor,
  syncOf,
  placeOf,
  takenBy,
} from './plan';
export type { Decision, Difference, Holdings, States, Taken } from './plan';
export { literally, ownCommand, restartScript, supervised } from './restart';
export type { ContainerCommand, ProcessConfig } from './restart';
export { assertTaken, liveUpdateOf } from './steps';
export type { LiveUpdatePaths } from './steps';
export type {
  Applied,
  Batch,
  ContainerLink,
  ContainerPlace,
  Content,
  Entry,
  FailedRun,
  FileRule,
  LiveUpdate,
  Place,
  Run,
  Sync,
} from './types';
export { Archives, openHelper, openLink } from './transfer';
export type { Exec, HelperParts, LinkParts } from './transfer';
