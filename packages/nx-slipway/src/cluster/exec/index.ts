export { openExec } from './open-exec';
export type { ExecPlace } from './open-exec';
export type { ExecEnd, ExecStream } from './exec-stream';
