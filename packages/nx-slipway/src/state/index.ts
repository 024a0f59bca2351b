export { readRecord, writeRecord } from './record-file';
export type { ReadRecord } from './record-file';
