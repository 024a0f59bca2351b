export { openPodPort } from './open-pod-port';
export type { PodPlace } from './open-pod-port';
