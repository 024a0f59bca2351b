export { listRelated } from './list-related';
export { replacePods } from './replace-pods';
export type { Renewed } from './replace-pods';
export { replaceTouched } from './replace-touched';
export { touchedOf, touchedReport } from './touched';
export type { RelatedIn, Touched } from './touched';
