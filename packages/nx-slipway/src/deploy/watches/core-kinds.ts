import type { ApiResource } from '../../cluster';

const core = (kind: string, plural: string): ApiResource => ({
  group: '',
  version: 'v1',
  kind,
  plural,
  namespaced: true,
});

export const PODS = core('Pod', 'pods');
export const EVENTS = core('Event', 'events');
export const REPLICA_SETS: ApiResource = {
  ...core('ReplicaSet', 'replicasets'),
  group: 'apps',
};
export const JOBS: ApiResource = { ...core('Job', 'jobs'), group: 'batch' };
