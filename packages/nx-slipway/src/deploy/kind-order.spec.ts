import {
  DEFINITIONS_RANK,
  LAST_RANK,
  SERVICES_RANK,
  inRanks,
  rankOf,
} from './kind-order';

describe('the order of kinds', () => {
  it.each([
    ['Namespace', 'CustomResourceDefinition.apiextensions.k8s.io'],
    ['CustomResourceDefinition.apiextensions.k8s.io', 'Widget.acme.dev'],
    ['ServiceAccount', 'Deployment.apps'],
    ['ConfigMap', 'Pod'],
    ['Secret', 'Job.batch'],
    ['Service', 'Deployment.apps'],
    ['PersistentVolumeClaim', 'StatefulSet.apps'],
    ['Role.rbac.authorization.k8s.io', 'RoleBinding.rbac.authorization.k8s.io'],
    ['RoleBinding.rbac.authorization.k8s.io', 'Deployment.apps'],
    [
      'Deployment.apps',
      'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
    ],
    [
      'Widget.acme.dev',
      'MutatingWebhookConfiguration.admissionregistration.k8s.io',
    ],
    ['Deployment.apps', 'APIService.apiregistration.k8s.io'],
  ])('%s before %s', (first, second) => {
    expect(rankOf(first)).toBeLessThan(rankOf(second));
  });

  it('goes by group, too: a Service of another group is no Service', () => {
    expect(rankOf('Service.serving.knative.dev')).toBe(
      rankOf('Deployment.apps'),
    );
  });

  it('ranks definitions before all that may be of their kinds', () => {
    expect(DEFINITIONS_RANK).toBeLessThan(rankOf('Widget.acme.dev'));
    expect(SERVICES_RANK).toBeLessThan(LAST_RANK);
  });

  it('keeps all, and in a rank their order', () => {
    const kinds = ['Job.batch', 'Secret', 'Pod', 'Namespace', 'ConfigMap'];
    expect(inRanks(kinds, rankOf)).toEqual([
      ['Namespace'],
      ['Secret', 'ConfigMap'],
      ['Job.batch', 'Pod'],
    ]);
  });
});
