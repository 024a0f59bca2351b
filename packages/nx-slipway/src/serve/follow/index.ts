export { ClusterEvents } from './cluster-events';
export type { Forward, ForwardsOption } from './forwards-of';
export { PodLogs } from './pod-logs';
export type { LogsOption } from './pod-logs';
export { PortForwards } from './port-forwards';
