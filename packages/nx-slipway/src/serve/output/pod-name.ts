/** What Kubernetes makes random names of (apimachinery, util/rand). */
const RANDOM = '[bcdfghjklmnpqrstvwxz2456789]';
/** A ReplicaSet's pod: its template's hash, then what tells pods apart. */
const OF_DEPLOYMENT = new RegExp(`^(.+)-${RANDOM}{1,10}-(${RANDOM}{5})$`);
const OF_ANY = new RegExp(`^(.+)-(?:${RANDOM}{5}|\\d+)$`);

export interface PodName {
  /** `web-x2v4q`: what tells it from all others. */
  readonly short: string;
  /** `web`: what it has in common with those that it takes the place of. */
  readonly workload: string;
}

/** Told by the form of its name, as Kubernetes' own controllers give it. */
export function podName(pod: string): PodName {
  const [, deployment, end] = OF_DEPLOYMENT.exec(pod) ?? [];
  if (deployment !== undefined) {
    return { short: `${deployment}-${end}`, workload: deployment };
  }
  return { short: pod, workload: OF_ANY.exec(pod)?.[1] ?? pod };
}

/**
 * What a line of its log begins with: `web-x2v4q`, and `web-x2v4q · proxy` of a
 * container that is not called as the workload is.
 */
export function logPrefix(pod: string, container: string): string {
  const { short, workload } = podName(pod);
  return container === workload ? short : `${short} · ${container}`;
}
