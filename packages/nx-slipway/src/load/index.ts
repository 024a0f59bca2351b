export { KnownImages } from './known-images';
export { parseLoad } from './load';
export { loadImages } from './load-images';
export { assertRunnable } from './runnable';
export type { LoadSystems } from './systems';
