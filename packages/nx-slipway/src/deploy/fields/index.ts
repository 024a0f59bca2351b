export { conflictHint, conflictInWords, fieldConflicts } from './conflicts';
export type { FieldConflict } from './conflicts';
export { diffOf } from './diff';
export { keepFields } from './keep-fields';
export { isSettled } from './settled';
export {
  MANAGER,
  isPredecessor,
  ownFields,
  takenOver,
  withoutTheirs,
} from './take-over';
export type { Managed, ManagedFields } from './take-over';
