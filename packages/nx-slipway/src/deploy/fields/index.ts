export { conflictHint, conflictInWords, fieldConflicts } from './conflicts';
export type { FieldConflict } from './conflicts';
export { diffOf } from './diff';
export { isField } from './field-path';
export { keepFields } from './keep-fields';
export { holdersOf, lostFields } from './lost-fields';
export { isSettled } from './settled';
export {
  MANAGER,
  isPredecessor,
  ourEntry,
  ownFields,
  takenOver,
  withoutTheirs,
} from './take-over';
export type { Managed, ManagedFields } from './take-over';
