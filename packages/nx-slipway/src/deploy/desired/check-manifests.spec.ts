import type { KubeObject, ManifestObject } from '../../manifest';
import { slipwayError } from '../../testing/slipway-error';
import { assertNoTwins, assertOptionsFit } from './check-manifests';
import { DEPLOY_OPTIONS } from '../testing/options';
import { targetOf } from './target';

const manifest = (object: object, line = 1): ManifestObject => ({
  object: object as KubeObject,
  origin: 'a.yaml',
  line,
  column: 1,
  text: 0,
  document: 0,
  path: [],
});
const target = (
  name: string,
  metadata: object = {},
  line = 1,
  namespaced = true,
) =>
  targetOf(
    manifest(
      { apiVersion: 'batch/v1', kind: 'Job', metadata: { name, ...metadata } },
      line,
    ),
    { group: 'batch', version: 'v1', kind: 'Job', plural: 'jobs', namespaced },
    { namespace: 'shop', setId: 'applyset-x-v1' },
  );
const options = (parts: object) => ({ ...DEPLOY_OPTIONS, ...parts });

describe('an object as it is sent', () => {
  it('is in the namespace it names, or in that of the set, with our label', () => {
    const label = { 'applyset.kubernetes.io/part-of': 'applyset-x-v1' };
    expect(target('a').object.metadata).toEqual({
      name: 'a',
      namespace: 'shop',
      labels: label,
    });
    expect(
      target('a', { namespace: 'other', labels: { x: 'y' } }).object.metadata,
    ).toEqual({ name: 'a', namespace: 'other', labels: { x: 'y', ...label } });
  });

  it('is in none if its kind is of the cluster, as kubectl has it', () => {
    const { object, namespace } = target('a', { namespace: 'x' }, 1, false);
    expect(namespace).toBeUndefined();
    expect(object.metadata).not.toHaveProperty('namespace');
  });

  it('has nothing that only a server sets', () => {
    const own = {
      uid: 'u',
      resourceVersion: '1',
      managedFields: [],
      creationTimestamp: null,
      generation: 2,
    };
    expect(target('a', own).object.metadata).toEqual(
      target('a').object.metadata,
    );
  });
});

describe('manifests that cannot be deployed', () => {
  it('have one object twice', () => {
    expect(() =>
      assertNoTwins([target('a'), target('b'), target('a', {}, 9)]),
    ).toThrow(
      slipwayError(
        'SLIPWAY_E_MANIFEST',
        /^a\.yaml:9: the Job a in shop is at a\.yaml:1, too/,
      ),
    );
    assertNoTwins([target('a'), target('a', { namespace: 'other' })]);
  });
});

describe('options that name objects', () => {
  it.each(['job/a', 'Job/a', 'jobs/a', 'jobs.batch/a', 'Job.batch/a'])(
    'take kinds as kubectl does: %s',
    (entry) => {
      assertOptionsFit([target('a')], options({ recreate: [entry] }));
    },
  );

  it('fit no object: the nearest is told', () => {
    const entry = options({ rerun: ['migrat'] });
    try {
      assertOptionsFit([target('migrate')], entry);
    } catch (error) {
      expect(error).toMatchObject({ hint: 'Is "migrate" meant?' });
    }
    expect(() => assertOptionsFit([target('migrate')], entry)).toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID', /have no Job "migrat"/),
    );
    expect(() =>
      assertOptionsFit([target('a')], options({ recreate: ['pod/a'] })),
    ).toThrow(slipwayError('SLIPWAY_E_OPTION_INVALID'));
  });
});
