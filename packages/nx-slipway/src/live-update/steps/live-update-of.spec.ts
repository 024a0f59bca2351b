import { join } from 'node:path';
import { slipwayError } from '../../testing/slipway-error';
import { liveUpdateOf } from './live-update-of';

const FROM_ROOT = ['tools/*.sh', '../x'];
const asked: unknown[] = [];
const WHERE = {
  root: '/ws',
  path(value: string, ...within: readonly (string | number)[]) {
    if (within.length > 0) asked.push([value, ...within]);
    // As if the user had written {workspaceRoot}/, which Nx takes off.
    const isFromRoot = within.length > 0 && FROM_ROOT.includes(value);
    return join(isFromRoot ? '/ws' : '/ws/apps/web', value);
  },
};

const read = (...steps: unknown[]) => liveUpdateOf(steps, WHERE);
const SYNC = { sync: { from: 'src', to: '/app/src' } };

beforeEach(() => asked.splice(0));

it('reads all steps of the design', () => {
  expect(
    read(
      { fallBackOn: ['package.json', 'tools/*.sh'] },
      { initialSync: { ignore: ['**/*.map'] } },
      { sync: { from: 'src/', to: '/app/src' } },
      { sync: { target: 'build', from: 'dist', to: '/app//dist/' } },
      { run: 'npm ci', trigger: 'package-lock.json' },
      { run: ['touch', '/tmp/a b'] },
      { restart: true },
    ),
  ).toEqual({
    fallBackOn: [
      { written: 'package.json', path: 'apps/web/package.json' },
      { written: '{workspaceRoot}/tools/*.sh', path: 'tools/*.sh' },
    ],
    initialSync: { ignore: ['**/*.map'] },
    syncs: [
      { from: { written: 'src/', path: 'apps/web/src' }, to: '/app/src' },
      {
        from: { written: 'dist', path: 'apps/web/dist' },
        to: '/app/dist/',
        target: 'build',
      },
    ],
    runs: [
      {
        argv: ['sh', '-c', 'npm ci'],
        written: 'npm ci',
        trigger: [
          { written: 'package-lock.json', path: 'apps/web/package-lock.json' },
        ],
      },
      { argv: ['touch', '/tmp/a b'], written: 'touch /tmp/a b' },
    ],
    restart: true,
  });
});

it('says of each path where it stands in the option', () => {
  read(
    { fallBackOn: 'a' },
    { fallBackOn: ['b', 'c'] },
    { sync: { from: 'd', to: '/d' } },
    { run: 'x', trigger: ['e'] },
  );
  expect(asked).toEqual([
    ['a', 0, 'fallBackOn'],
    ['b', 1, 'fallBackOn', 0],
    ['c', 1, 'fallBackOn', 1],
    ['d', 2, 'sync', 'from'],
    ['e', 3, 'trigger', 0],
  ]);
});

it.each([
  [[{ sync: { from: '.', to: '/' } }]],
  [[{ initialSync: true }, { fallBackOn: ['a'] }, SYNC]],
  [[{ initialSync: {} }, SYNC]],
  [[{ run: 'make', trigger: [] }]],
])('takes %j', (steps) => {
  expect(() => read(...steps)).not.toThrow();
});

it.each([
  ['a list alone', { sync: {} }, /no list of steps/],
  ['objects alone', ['sync'], /step 1 of liveUpdate says nothing/],
  ['no empty step', [{}], /step 1 of liveUpdate says nothing/],
  ['a sync or a run', [{ fallBackOn: ['a'] }], /neither a sync nor a run/],
  ['more than a restart', [{ restart: true }], /neither a sync nor a run/],
  [
    'one thing a step',
    [SYNC, { ...SYNC, run: 'x' }],
    /step 2 of liveUpdate is sync and run/,
  ],
  [
    'a trigger with a run alone',
    [{ ...SYNC, trigger: ['a'] }],
    /step 1 of liveUpdate is a sync with a trigger/,
  ],
  [
    'a trigger with something',
    [{ trigger: ['a'] }],
    /step 1 of liveUpdate says nothing/,
  ],
  [
    'initialSync once',
    [{ initialSync: true }, { initialSync: true }, SYNC],
    /steps 1 and 2 of liveUpdate are both initialSync/,
  ],
  [
    'initialSync first',
    [SYNC, { initialSync: true }],
    /step 2 of liveUpdate, initialSync, comes after step 1, sync/,
  ],
  [
    'fallBackOn before syncs',
    [SYNC, { fallBackOn: ['a'] }],
    /step 2 of liveUpdate, fallBackOn, comes after step 1, sync/,
  ],
  [
    'syncs before runs',
    [{ run: 'x' }, SYNC],
    /step 2 of liveUpdate, sync, comes after step 1, run/,
  ],
  [
    'restart last',
    [{ restart: true }, SYNC],
    /step 2 of liveUpdate, sync, comes after step 1, restart/,
  ],
  [
    'restart once',
    [SYNC, { restart: true }, { restart: true }],
    /steps 2 and 3 of liveUpdate are both restart/,
  ],
  [
    'restart true',
    [SYNC, { restart: false }],
    /restart in step 2 of liveUpdate is not true/,
  ],
  [
    'initialSync true',
    [{ initialSync: false }, SYNC],
    /initialSync in step 1 of liveUpdate is no object/,
  ],
  [
    'patterns that can be read',
    [{ initialSync: { ignore: ['a['] } }, SYNC],
    /initialSync.ignore in step 1 of liveUpdate has the pattern "a\["/,
  ],
  [
    'absolute destinations',
    [{ sync: { from: 'a', to: 'app' } }],
    /sync.to in step 1 of liveUpdate is "app", which is no absolute path/,
  ],
  [
    'destinations without ..',
    [{ sync: { from: 'a', to: '/app/../etc' } }],
    /sync.to .* has "\.\." in it/,
  ],
  [
    'destinations',
    [{ sync: { from: 'a' } }],
    /sync.to in step 1 of liveUpdate is no string/,
  ],
  [
    'a from',
    [{ sync: { to: '/a' } }],
    /sync.from in step 1 of liveUpdate is no string/,
  ],
  ['no zero byte', [{ sync: { from: 'a', to: '/a\0' } }], /byte of 0/],
  [
    'no glob in from',
    [{ sync: { from: 'src/**/*.js', to: '/a' } }],
    /sync.from .* no glob/,
  ],
  [
    'sync objects',
    [{ sync: 'src:/app' }],
    /sync in step 1 of liveUpdate is no object/,
  ],
  [
    'from in the workspace',
    [{ sync: { from: '../../../x', to: '/a' } }],
    /sync.from .* is not in the workspace/,
  ],
  [
    'fallBackOn in the workspace',
    [{ fallBackOn: ['../x'] }, SYNC],
    /fallBackOn .* is not in the workspace/,
  ],
  [
    'triggers in the workspace',
    [{ run: 'x', trigger: ['../../../..'] }],
    /trigger .* is not in the workspace/,
  ],
  [
    'targets',
    [{ sync: { from: 'a', to: '/a', target: '^build' } }],
    /sync.target .* is no target/,
  ],
  ['runs', [{ run: ' ' }], /run in step 1 of liveUpdate is empty/],
  ['words to run', [{ run: [] }], /run in step 1 of liveUpdate is empty/],
  [
    'words that are strings',
    [{ run: ['sleep', 5] }],
    /neither a string nor a list of strings/,
  ],
  [
    'files that are strings',
    [{ fallBackOn: { a: 1 } }, SYNC],
    /fallBackOn .* neither a string nor a list/,
  ],
])('wants %s', (_, steps, message) => {
  expect(() => liveUpdateOf(steps, WHERE)).toThrow(
    slipwayError('SLIPWAY_E_OPTION_INVALID', message),
  );
});

it.each([
  [{ syncs: {} }, 'Did you mean sync?'],
  [{ fall_back_on: ['a'] }, 'Did you mean fallBackOn?'],
  [{ triger: ['a'], run: 'x' }, 'Did you mean trigger?'],
  [{ copy: 'x' }, 'Steps are fallBackOn, initialSync, sync, run, restart.'],
  [{ sync: { from: 'a', too: '/a' } }, 'Did you mean to?'],
  [{ sync: { src: 'a', to: '/a' } }, 'It may have from, to, target.'],
])('says what may have been meant by %j', (step, hint) => {
  expect(() => read(step)).toThrow(expect.objectContaining({ hint }) as Error);
});
