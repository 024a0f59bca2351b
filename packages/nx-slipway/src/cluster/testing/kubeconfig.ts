/** A kubeconfig with one context, cluster and user. */
export interface OneContext {
  readonly context?: string;
  readonly cluster?: string;
  readonly server: string;
  /** Fields of the cluster beside the server. */
  readonly clusterFields?: Readonly<Record<string, unknown>>;
  /** undefined: the context has no user. */
  readonly user?: Readonly<Record<string, unknown>>;
}

/** Its text: JSON, which is YAML. */
export function kubeconfig(given: OneContext): string {
  const { context = 'kind-test', cluster = context, user } = given;
  const fields = given.clusterFields ?? { 'insecure-skip-tls-verify': true };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'somewhere-else',
    clusters: [{ name: cluster, cluster: { server: given.server, ...fields } }],
    users: user ? [{ name: `${context}-user`, user }] : [],
    contexts: [
      {
        name: context,
        context: { cluster, ...(user && { user: `${context}-user` }) },
      },
    ],
  });
}
