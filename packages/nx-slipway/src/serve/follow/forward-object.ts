/** What connections are to go to. */
export interface ForwardObject {
  /** As in a manifest, in lower case; none: whatever has that name. */
  readonly kind?: string;
  readonly name: string;
}

/** As kubectl abbreviates them. */
const SHORT: Readonly<Record<string, string>> = {
  deploy: 'deployment',
  svc: 'service',
  po: 'pod',
  sts: 'statefulset',
  ds: 'daemonset',
  rs: 'replicaset',
  rc: 'replicationcontroller',
};

/**
 * `deployment/web`, `deploy/web`, `deployments.apps/web`, and `web` alone.
 * @param text as a user wrote it
 */
export function parseForwardObject(text: string): ForwardObject {
  const [first = '', name] = text.trim().split('/', 2);
  if (name === undefined) return { name: first };
  const [written = ''] = first.toLowerCase().split('.', 1);
  const kind = SHORT[written] ?? written;
  return { kind: SHORT[singular(kind)] ?? singular(kind), name };
}

function singular(kind: string): string {
  const isPlural = kind.endsWith('s') && !kind.endsWith('ss');
  return isPlural && !(kind in SHORT) ? kind.slice(0, -1) : kind;
}
