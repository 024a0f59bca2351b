/**
 * Whom a user must ask about an answer, where the API server only passes on
 * what others have decided: policies, webhooks, quotas. It says 403 for most.
 * @param said the message of its Status
 * @returns undefined for what the API server has decided itself
 */
export function decidedElsewhere(said: string): string | undefined {
  if (/admission webhook|ValidatingAdmissionPolicy/.test(said)) {
    return 'A policy of the cluster says no; its words are above.';
  }
  if (/failed calling webhook/.test(said)) {
    return 'A webhook of the cluster does not answer, and the API server waits for it. See whether what serves it runs; then try again.';
  }
  if (/exceeded quota/.test(said)) {
    return 'A ResourceQuota of the namespace has no room for it: `kubectl describe resourcequota` has the figures.';
  }
  if (/violates PodSecurity/.test(said)) {
    return 'The Pod Security Standard that the namespace is labelled with forbids it: `kubectl get namespace --show-labels` shows which.';
  }
  if (/because it is being terminated/.test(said)) {
    return 'Run it again when the namespace is gone.';
  }
  // Of a missing right, the user follows.
  if (/ is forbidden: (?!user )/i.test(said)) {
    return 'An admission plugin of the API server says no; its words are above.';
  }
  return undefined;
}

/** A right that RBAC says is missing. */
export interface Right {
  readonly verb: string;
  readonly resource: string;
  readonly group: string;
  /** `create deployments.apps in the namespace shop` */
  readonly words: string;
}

/** The words of k8s.io/apiserver, which have not changed in years. */
const FORBIDDEN =
  /cannot (\S+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)"| at the cluster scope)/;

/** @returns undefined for what is said in other words */
export function missingRight(said: string): Right | undefined {
  const [, verb, resource, group = '', namespace] = FORBIDDEN.exec(said) ?? [];
  if (verb === undefined || resource === undefined) return undefined;
  const where = namespace === undefined ? '' : ` in the namespace ${namespace}`;
  const [plural = '', ...subresource] = resource.split('/');
  const full = [
    group === '' ? plural : `${plural}.${group}`,
    ...subresource,
  ].join('/');
  return { verb, resource, group, words: `${verb} ${full}${where}` };
}

/** What to do about a request that the API server itself found wrong. */
export function hintFor(status: number, said: string): string {
  if (status === 422 || /strict decoding|unknown field/.test(said)) {
    return 'Correct the object; `kubectl explain` tells the fields of a kind.';
  }
  switch (status) {
    case 404:
      return 'The kind, the namespace or the object is not there, or no more.';
    case 409:
      return 'Somebody else has changed it at the same time: run it again.';
    case 413:
      return 'It is larger than the API server takes: some 1.5 MB, or 3 MB of a request.';
    default:
      return 'See the log of the API server; a proxy before it may have answered in its place.';
  }
}
