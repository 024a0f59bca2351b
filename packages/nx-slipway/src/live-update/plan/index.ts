export { NOTHING, contentOf, isInitial } from './content';
export { decide, takenBy } from './decide';
export type { Decision, Taken } from './decide';
export { changedPlaces, difference } from './difference';
export type { Difference, Holdings, States } from './difference';
export { matches, originOf, placeOf, syncOf } from './mapping';
export type { Origin } from './mapping';
export { runsFor } from './runs-for';
