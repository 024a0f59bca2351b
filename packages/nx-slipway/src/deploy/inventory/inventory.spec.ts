import fc from 'fast-check';
import {
  EMPTY,
  inventoryIn,
  inventoryPlace,
  merged,
  parentOf,
  setInWords,
  unreadable,
} from './inventory';
import { applySetId, inventoryName } from './set-name';

const id = { workspaceId: '1a2b', project: 'shop', configuration: '' };
const place = inventoryPlace(id, 'prod');

describe('the inventory', () => {
  it('is a ConfigMap as KEP-3659 has it', () => {
    expect(
      parentOf(place, {
        groupKinds: ['Deployment.apps', 'ConfigMap'],
        namespaces: ['prod', 'b', 'a'],
        finishedJobs: {},
      }),
    ).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: place.name,
        namespace: 'prod',
        labels: { 'applyset.kubernetes.io/id': place.setId },
        annotations: {
          'applyset.kubernetes.io/tooling': 'nx-slipway/v1',
          'applyset.kubernetes.io/contains-group-kinds':
            'ConfigMap,Deployment.apps',
          'applyset.kubernetes.io/additional-namespaces': 'a,b',
          'nx-slipway.dev/workspace': '1a2b',
          'nx-slipway.dev/project': 'shop',
        },
      },
    });
  });

  it('has the id that kubectl computes', () => {
    // `kubectl apply --prune --applyset=configmaps/my-set -n my-ns`, 1.34.
    expect(applySetId('my-set', 'my-ns')).toBe(
      'applyset-cH6yId20fa7Ak8MtKIBN1H8OMqIef-Q9TNkI3Rl_ufo-v1',
    );
  });

  it('is read as it was written', () => {
    const word = fc.stringMatching(/^[a-z][a-z.]{0,9}$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(word),
        fc.uniqueArray(word),
        fc.dictionary(word, word),
        (groupKinds, namespaces, finishedJobs) => {
          const inventory = merged(EMPTY, {
            groupKinds,
            namespaces,
            finishedJobs,
          });
          expect(inventoryIn(parentOf(place, inventory))).toEqual(inventory);
        },
      ),
    );
  });

  it('is empty as far as somebody has spoilt it', () => {
    const parent = parentOf(place, EMPTY);
    for (const text of ['{', '1', 'null', '"x"']) {
      expect(
        inventoryIn({ ...parent, data: { 'finished-jobs': text } })
          .finishedJobs,
      ).toEqual({});
    }
  });

  it('says whose it is', () => {
    const parent = parentOf(
      inventoryPlace({ ...id, configuration: 'production' }, 'prod'),
      EMPTY,
    );
    expect(setInWords(parent)).toBe(
      'project shop (production) of the workspace 1a2b, in prod',
    );
    expect(unreadable(parent)).toBeUndefined();
    const tooling = { 'applyset.kubernetes.io/tooling': 'kubectl/v1.34' };
    const theirs = {
      ...parent,
      metadata: { name: 'x', namespace: 'y', annotations: tooling },
    };
    expect(setInWords(theirs)).toBe('the ApplySet x in y of kubectl/v1.34');
    expect(unreadable(theirs)?.message).toMatch(/ is of another tool\.$/);
  });

  it('is not read, nor written over, where a newer version has written it', () => {
    const tooling = { 'applyset.kubernetes.io/tooling': 'nx-slipway/v2' };
    const { metadata, ...rest } = parentOf(place, EMPTY);
    const annotations = { ...metadata.annotations, ...tooling };
    const newer = { ...rest, metadata: { ...metadata, annotations } };
    expect(unreadable(newer)).toMatchObject({
      code: 'SLIPWAY_E_SET_CLAIMED',
      message: `the ConfigMap ${place.name} in prod, where the inventory of this set would be, is of a newer nx-slipway (nx-slipway/v2).`,
    });
  });

  it('is read as version 0.1.0 wrote it', () => {
    const parent = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'slipway-shop-0a1b2c3d',
        annotations: {
          'applyset.kubernetes.io/tooling': 'nx-slipway/v1',
          'applyset.kubernetes.io/contains-group-kinds': 'ConfigMap,Job.batch',
          'applyset.kubernetes.io/additional-namespaces': 'other',
        },
      },
      data: { 'finished-jobs': '{"prod/migrate":"abc"}' },
    };
    expect(unreadable(parent)).toBeUndefined();
    expect(inventoryIn(parent)).toEqual({
      groupKinds: ['ConfigMap', 'Job.batch'],
      namespaces: ['other'],
      finishedJobs: { 'prod/migrate': 'abc' },
    });
  });
});

describe('the name of an inventory', () => {
  it('tells what it is of', () => {
    expect(inventoryName({ ...id, configuration: 'production' })).toMatch(
      /^slipway-shop-production-[0-9a-f]{8}$/,
    );
    expect(inventoryName({ ...id, project: '@acme/Web_App' })).toMatch(
      /^slipway-acme-web-app-[0-9a-f]{8}$/,
    );
    expect(inventoryName({ ...id, project: '日本' })).toMatch(
      /^slipway-[0-9a-f]{8}$/,
    );
  });

  it('is a DNS label, and another for each set', () => {
    const part = fc.string({ unit: 'grapheme', maxLength: 80 });
    const set = fc.record({
      workspaceId: part,
      project: part,
      configuration: part,
    });
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(inventoryName(a)).toMatch(
          /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
        );
        const isSame = JSON.stringify(a) === JSON.stringify(b);
        expect(inventoryName(a) === inventoryName(b)).toBe(isSame);
      }),
    );
  });
});
