import { wrongJson } from './json';

const image = (options: object) =>
  JSON.stringify({
    name: 'web',
    targets: {
      'custom-build': { executor: 'nx-slipway:custom-build', options },
    },
  });
const WHOLE = { ref: 'web', command: 'docker build -t $EXPECTED_REF .' };

it.each([
  ['json', image(WHOLE)],
  ['json', '{ "a": [1] }'],
  ['jsonc', '// why\n{ "a": [1,], }'],
  ['json', '"targets": { "build": { "command": "make" } }'],
  ['jsonc', '"deploy": { "options": { "namespace": "shop" } } // part'],
  ['json', '"liveUpdate": [{ "sync": { "from": "src", "to": "/app" } }]'],
  ['json', '"portForwards": true, "logs": "all"'],
  [
    'json',
    '{ "plugins": ["@nx/js", { "plugin": "nx-slipway", "options": { "pin": "tag" } }] }',
  ],
  [
    'json',
    '{ "plugin": "nx-slipway", "options": { "registry": "ghcr.io/a" } }',
  ],
  [
    'json',
    '{ "targets": { "deploy": { "configurations": { "eu": { "context": "eu" } } } } }',
  ],
  ['json', '{ "targets": { "serve": { "command": "node ." } } }'],
  ['jsonc', '{ "restart": true } // one\n{ "run": ["a"] } // or the other'],
])('lets %s be: %s', (language, text) => {
  expect(wrongJson(text, language)).toEqual([]);
});

it.each([
  ['json', '{ "a": 1, }', /^line 1: /],
  ['json', '{ "a": 1 } // b', /^line 1: InvalidCommentToken/],
  ['jsonc', '{\n  "a": …\n}', /^line 2: /],
  ['json', image({ ref: 'web' }), /custom-build .*command/],
  ['json', image({ ...WHOLE, tags: 'x' }), /custom-build.*tags/],
  ['json', image({ ...WHOLE, deps: 'src' }), /\.deps should be array/],
  [
    'json',
    image({ ...WHOLE, tag: 'dev', outputsImageRefTo: 'ref.txt' }),
    /tag .*outputsImageRefTo/,
  ],
  [
    'json',
    image({
      ...WHOLE,
      deps: ['src'],
      liveUpdate: [{ sync: { from: 'public', to: '/www' } }],
    }),
    /public/,
  ],
  [
    'json',
    '{ "executor": "nx-slipway:custom", "options": {} }',
    /no executor custom/,
  ],
  [
    'json',
    '"deploy": { "options": { "namespaces": "x" } }',
    /deploy.*namespaces/,
  ],
  [
    'json',
    '{ "targets": { "deploy": { "configurations": { "eu": { "contexts": "eu" } } } } }',
    /deploy.*contexts/,
  ],
  ['json', '"logs": "some"', /serve\.logs/],
  ['json', '{ "restart": true }\n{ "restart": 1 }', /liveUpdate.*restart/],
  ['json', '{ "a": 1 }\n{ "b" }', /^line 2: /],
  [
    'json',
    '{ "plugins": [{ "plugin": "nx-slipway", "options": { "pins": "tag" } }] }',
    /pins/,
  ],
  [
    'json',
    '{ "targetDefaults": { "nx-slipway:serve": { "options": { "log": "all" } } } }',
    /serve.*log/,
  ],
])('finds what is wrong with %s: %s', (language, text, why) => {
  expect(wrongJson(text, language).join('\n')).toMatch(why);
});

it('takes a block for the options that it says it holds', () => {
  expect(wrongJson('{ "registry": "a.io" }', 'json', 'init')).toEqual([]);
  expect(wrongJson('{ "registri": "a.io" }', 'json', 'init').join()).toMatch(
    /registri/,
  );
});
