export { fateOf } from './fate-of';
export type { Fate } from './table';
