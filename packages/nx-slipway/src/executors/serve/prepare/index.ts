export { preparationOf } from './preparation';
export type { Preparation } from './preparation';
