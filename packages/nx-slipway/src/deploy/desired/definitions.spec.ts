import type { KubeObject, ManifestObject } from '../../manifest';
import { comingKind } from './definitions';

const manifest = (object: object): ManifestObject => ({
  object: { metadata: { name: 'x' }, ...object } as KubeObject,
  origin: 'a.yaml',
  line: 1,
  column: 1,
  text: 0,
  document: 0,
  path: [],
});
const definition = (scope: string) =>
  manifest({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    spec: {
      group: 'acme.dev',
      scope,
      names: { kind: 'Widget' },
      versions: [{ name: 'v1' }],
    },
  });
const service = manifest({
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  spec: { group: 'metrics.acme.dev', version: 'v1beta1' },
});

describe('a kind that comes with the set', () => {
  it('is of a definition in it, which tells where its objects are', () => {
    for (const scope of ['Namespaced', 'Cluster']) {
      expect(comingKind([definition(scope)], 'acme.dev/v1', 'Widget')).toEqual({
        by: 'definition',
        namespaced: scope === 'Namespaced',
      });
    }
  });

  it('is of a service in it', () => {
    expect(
      comingKind([service], 'metrics.acme.dev/v1beta1', 'Anything'),
    ).toEqual({ by: 'service' });
  });

  it.each([
    ['another kind', 'acme.dev/v1', 'Gadget'],
    ['another version', 'acme.dev/v2', 'Widget'],
    ['another group', 'other.dev/v1', 'Widget'],
    ['the core group', 'v1', 'Widget'],
  ])('is not %s', (_, apiVersion, kind) => {
    const all = [definition('Namespaced'), service];
    expect(comingKind(all, apiVersion, kind)).toBeUndefined();
  });
});
