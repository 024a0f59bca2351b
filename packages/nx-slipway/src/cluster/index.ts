export { openCluster } from './cluster';
export type { Cluster, Deadlines, OpenCluster } from './cluster';
export { isAllowed } from './guard';
export type { GuardedTarget } from './guard';
export { kubeconfigPaths } from './kubeconfig';
export { detectRegistry } from './local-registry';
export type { DetectedRegistry, Lookup } from './local-registry';
export { imagesOnNodes } from './node-images';
