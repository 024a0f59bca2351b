/**
 * The order in which kinds are applied, as kustomize and helm have it, in few
 * ranks: within one all goes in parallel. `down` goes the other way.
 * https://github.com/kubernetes-sigs/kustomize/blob/master/api/internal/builtins/SortOrderTransformer.go
 */
const RANKS: readonly (readonly string[])[] = [
  ['Namespace'],
  // What the others are checked against.
  [
    'CustomResourceDefinition.apiextensions.k8s.io',
    'ResourceQuota',
    'LimitRange',
    'StorageClass.storage.k8s.io',
    'PriorityClass.scheduling.k8s.io',
    'RuntimeClass.node.k8s.io',
    'IngressClass.networking.k8s.io',
    'GatewayClass.gateway.networking.k8s.io',
  ],
  // What pods refer to. A Service that is there first is in a pod's env.
  [
    'ServiceAccount',
    'Role.rbac.authorization.k8s.io',
    'ClusterRole.rbac.authorization.k8s.io',
    'ConfigMap',
    'Secret',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'NetworkPolicy.networking.k8s.io',
    'PodDisruptionBudget.policy',
    'Service',
    'Endpoints',
    'EndpointSlice.discovery.k8s.io',
  ],
  // Who may bind a Role is looked up in the Role.
  [
    'RoleBinding.rbac.authorization.k8s.io',
    'ClusterRoleBinding.rbac.authorization.k8s.io',
  ],
  // Pods, what makes them, and every kind that is not named here.
  [],
  // What a pod of this very set may serve, and what says no to objects.
  [
    'APIService.apiregistration.k8s.io',
    'MutatingWebhookConfiguration.admissionregistration.k8s.io',
    'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
    'ValidatingAdmissionPolicy.admissionregistration.k8s.io',
    'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io',
    'MutatingAdmissionPolicy.admissionregistration.k8s.io',
    'MutatingAdmissionPolicyBinding.admissionregistration.k8s.io',
  ],
  // Of the kinds that an APIService of this set serves (SERVED_RANK).
  [],
];

const UNNAMED_RANK = RANKS.findIndex((kinds) => kinds.length === 0);
export const DEFINITIONS_RANK = rankOf(
  'CustomResourceDefinition.apiextensions.k8s.io',
);
export const SERVICES_RANK = rankOf('APIService.apiregistration.k8s.io');
/** Of kinds that an APIService of the set serves. */
export const SERVED_RANK = RANKS.length - 1;
export const LAST_RANK = SERVED_RANK;

/** @param groupKind `Deployment.apps`, `Service` */
export function rankOf(groupKind: string): number {
  const rank = RANKS.findIndex((kinds) => kinds.includes(groupKind));
  return rank < 0 ? UNNAMED_RANK : rank;
}

/** Items by their rank, the first rank first; each in the order they came. */
export function inRanks<T>(
  items: readonly T[],
  rank: (item: T) => number,
): T[][] {
  const ranks = RANKS.map((_, at) => items.filter((item) => rank(item) === at));
  return ranks.filter((each) => each.length > 0);
}
