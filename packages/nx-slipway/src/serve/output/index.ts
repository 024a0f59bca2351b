export type { BuildOutputMode } from './build-output';
export { serveOutput } from './serve-output';
export type { ServeOutput, ServeOutputOptions } from './serve-output';
