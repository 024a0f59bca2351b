export { conflictHint, conflictInWords, fieldConflicts } from './conflicts';
export type { FieldConflict } from './conflicts';
export { diffOf } from './diff';
export { isSettled } from './settled';
export { MANAGER, isPredecessor, takenOver, withoutTheirs } from './take-over';
export type { ManagedFields } from './take-over';
