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
