import { isField } from './field-path';
import type { FieldSet } from './field-set';

/** As the API server writes what was applied. */
const SET: FieldSet = {
  'f:metadata': {
    'f:labels': { 'f:app': {}, 'f:app.example.com/team': {} },
    'f:finalizers': { 'v:"example.com/hold"': {} },
  },
  'f:spec': {
    'f:replicas': {},
    'f:containers': {
      'k:{"name":"web"}': {
        '.': {},
        'f:image': {},
        'f:ports': {
          'k:{"containerPort":80,"protocol":"TCP"}': { '.': {} },
        },
      },
    },
  },
};

describe('a field of a conflict', () => {
  it.each([
    '.spec.replicas',
    '.spec.containers[name="web"].image',
    '.spec.containers[name="web"]',
    '.spec.containers[name="web"].ports[containerPort=80,protocol="TCP"]',
    '.metadata.labels.app',
    // Kubernetes does not quote the dots of a name.
    '.metadata.labels.app.example.com/team',
    '.metadata.finalizers[="example.com/hold"]',
  ])('%s is found in what was applied', (path) => {
    expect(isField(path, SET)).toBe(true);
  });

  it.each([
    '.spec',
    '.spec.replica',
    '.spec.replicas.more',
    '.spec.containers[name="api"].image',
    '.spec.containers[name="web"].command',
    '.metadata.labels.app.example.com/other',
  ])('%s is not', (path) => {
    expect(isField(path, SET)).toBe(false);
  });
});
