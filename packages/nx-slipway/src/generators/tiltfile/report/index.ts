export { reportOf, summaryOf } from './report';
export type { Told } from './report';
