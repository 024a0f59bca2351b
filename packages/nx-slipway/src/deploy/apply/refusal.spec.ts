import type { Cluster } from '../../cluster';
import { SlipwayError } from '../../report';
import { targetOf } from '../desired';
import { fieldsIn, isImmutable, refusalOf } from './refusal';

const resource = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
};
const target = targetOf(
  {
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
    },
    origin: 'k8s/web.yaml',
    line: 3,
    column: 1,
    text: 0,
    document: 0,
    path: [],
  },
  resource,
  { namespace: 'shop', setId: 'applyset-x-v1' },
);
const request = { method: 'PATCH', path: '/x' } as const;
const cluster = {
  refusal: () =>
    new SlipwayError({
      code: 'SLIPWAY_E_CLUSTER_REFUSED',
      message: 'the cluster refuses',
      hint: 'a Role needs',
    }),
} as unknown as Cluster;
const refusal = (status: number, body: object) =>
  refusalOf(target, request, { status, body }, cluster);

/** As Kubernetes 1.34 says it, kind by kind. */
const IMMUTABLE = [
  'Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
  "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`',
  'Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
  'Invalid value: []: may not change once set',
  'Forbidden: updates to parameters are forbidden.',
  'Invalid value: {"apiGroup":"x"}: cannot change roleRef',
  'Forbidden: may not be changed in an update.',
  'Forbidden: field is immutable when `immutable` is set',
];

describe('what the server says of a field that cannot change', () => {
  it.each(IMMUTABLE)('%s', (message) => {
    const causes = [{ reason: 'FieldValueInvalid', message, field: 'spec.a' }];
    const answer = { status: 422, body: { details: { causes } } };
    expect(isImmutable(answer)).toBe(true);
    expect(fieldsIn(answer)).toBe('spec.a');
  });

  it('is not said where anything else is wrong, too: it would be deleted in vain', () => {
    const causes = [
      { message: 'field is immutable', field: 'spec.selector' },
      { message: 'Required value', field: 'spec.template.spec.containers' },
    ];
    expect(isImmutable({ status: 422, body: { details: { causes } } })).toBe(
      false,
    );
    expect(isImmutable({ status: 409, body: { message: 'immutable' } })).toBe(
      false,
    );
  });
});

describe('why an object was not applied', () => {
  it('is a namespace that is being deleted, or is not there', () => {
    expect(
      refusal(403, {
        message:
          'deployments.apps "web" is forbidden: unable to create new content in namespace shop because it is being terminated',
      }),
    ).toMatchObject({
      code: 'SLIPWAY_E_NAMESPACE',
      message:
        'Deployment web in shop (k8s/web.yaml:3): the namespace shop is being deleted',
    });
    expect(
      refusal(404, { message: 'namespaces "shop" not found' }),
    ).toMatchObject({ code: 'SLIPWAY_E_NAMESPACE' });
  });

  it('is the manifest, in the words of the server', () => {
    for (const [status, message] of [
      [422, 'Deployment.apps "web" is invalid: spec.x: Required value'],
      [400, 'strict decoding error: unknown field "spec.x"'],
      [
        500,
        'failed to create typed patch object (shop/web; apps/v1, Kind=Deployment): .spec.x: field not declared in schema',
      ],
    ] as const) {
      const { code, message: said } = refusal(status, { message });
      expect(code).toBe('SLIPWAY_E_APPLY');
      expect(said).toBe(`Deployment web in shop (k8s/web.yaml:3): ${message}`);
    }
  });

  it('is else what the cluster says of any request', () => {
    expect(refusal(403, { message: 'forbidden' })).toMatchObject({
      code: 'SLIPWAY_E_CLUSTER_REFUSED',
      message: 'Deployment web in shop (k8s/web.yaml:3): the cluster refuses',
      hint: 'a Role needs',
    });
  });
});
