export { holdSet } from './hold-lease';
export type { HeldSet } from './hold-lease';
