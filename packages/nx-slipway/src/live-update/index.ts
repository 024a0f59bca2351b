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
