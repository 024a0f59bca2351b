import type * as ClientNode from '@kubernetes/client-node';

export type { KubeConfig } from '@kubernetes/client-node';
export type ClusterEntry = ClientNode.KubeConfig['clusters'][number];
export type UserEntry = ClientNode.KubeConfig['users'][number];
export type ContextEntry = ClientNode.KubeConfig['contexts'][number];

/** Takes 0.4 s and 60 MB, so only runs that want a cluster pay for it. */
export function loadClientNode(): Promise<typeof ClientNode> {
  return import('@kubernetes/client-node');
}
