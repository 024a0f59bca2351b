export { ImageLive } from './image-live';
export { LiveSync } from './live-sync';
export type { LiveNow } from './live-sync';
