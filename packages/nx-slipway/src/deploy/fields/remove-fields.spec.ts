import fc from 'fast-check';
import { keepFields } from './keep-fields';
import { removeFields } from './remove-fields';

describe('fields of an object', () => {
  const object = {
    metadata: { labels: { app: 'web', by: 'tilt' }, annotations: { a: '1' } },
    spec: {
      replicas: 1,
      containers: [
        { name: 'main', image: 'web', env: [{ name: 'A', value: '1' }] },
        { name: 'side', image: 'log' },
      ],
      finalizers: ['x', 'y'],
      command: ['sh', '-c'],
    },
  };
  const fields = {
    'f:metadata': {
      'f:labels': { 'f:by': {} },
      'f:annotations': { '.': {}, 'f:a': {} },
    },
    'f:spec': {
      'f:containers': {
        'k:{"name":"main"}': {
          'f:env': {
            '.': {},
            'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} },
          },
        },
        'k:{"name":"side"}': { '.': {}, 'f:name': {}, 'f:image': {} },
      },
      'f:finalizers': { 'v:"x"': {} },
      'f:command': {},
    },
  };

  it('are taken out, and what holds nothing else with them', () => {
    expect(removeFields(object, fields)).toEqual({
      metadata: { labels: { app: 'web' } },
      spec: {
        replicas: 1,
        containers: [{ name: 'main', image: 'web' }],
        finalizers: ['y'],
      },
    });
  });

  it('are kept alone', () => {
    expect(keepFields(object, fields)).toEqual({
      metadata: { labels: { by: 'tilt' }, annotations: { a: '1' } },
      spec: {
        containers: [
          { env: [{ name: 'A', value: '1' }] },
          { name: 'side', image: 'log' },
        ],
        finalizers: ['x'],
        command: ['sh', '-c'],
      },
    });
  });

  it('that are in no object change nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const strange = { 'f:no such field': {}, 'k:{"no":1}': { '.': {} } };
        expect(removeFields(value, strange)).toEqual(value);
      }),
      { examples: [[JSON.parse('{"__proto__":""}') as fc.JsonValue]] },
    );
  });
});
