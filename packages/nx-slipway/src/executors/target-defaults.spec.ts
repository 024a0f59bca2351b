import { targetDefaultsOf } from './target-defaults';

const NX_READER = 'nx/src/project-graph/utils/project-configuration-utils';

/** The option `dir` of target custom-build of project app, with tag `web`. */
function dirOf(targetDefaults: unknown) {
  const app = {
    name: 'app',
    root: 'app',
    tags: ['web'],
    targetName: 'custom-build',
    executor: 'nx-slipway:custom-build',
  };
  const options = targetDefaultsOf(
    app,
    targetDefaults as Record<string, unknown>,
  ).map((entry) => entry.options);
  return (Object.assign({}, ...options) as { dir?: unknown }).dir;
}

const dir = (name: string) => ({ options: { dir: name } });

const BY_NAMES: [string, unknown, string | undefined][] = [
  ['the executor', { 'nx-slipway:custom-build': dir('a') }, 'a'],
  ['the name', { 'custom-build': dir('a') }, 'a'],
  [
    'the executor alone where both are there',
    { 'custom-build': dir('a'), 'nx-slipway:custom-build': {} },
    undefined,
  ],
  ['nothing else', { build: dir('a') }, undefined],
];

afterEach(() => jest.dontMock(NX_READER));

it.each([
  ...BY_NAMES,
  ['a glob', { 'custom-*': dir('a') }, 'a'],
  ['the longest glob', { 'custom-*': dir('a'), '*': dir('b') }, 'a'],
  [
    'the name before a glob',
    { '{custom,x}-*': dir('a'), 'custom-build': dir('b') },
    'b',
  ],
])('takes what stands under %s', (_key, defaults, found) => {
  expect(dirOf(defaults)).toBe(found);
});

it.each([
  ['of the project', { projects: ['app'] }, 'a'],
  ['of its tag', { projects: ['tag:web'] }, 'a'],
  ['of the executor', { executor: 'nx-slipway:custom-build' }, 'a'],
  ['of another project', { projects: ['lib'] }, 'all'],
  ['of another executor', { executor: 'other' }, 'all'],
])('takes an entry of a list by its filter %s', (_what, filter, found) => {
  const list = [dir('all'), { filter, ...dir('a') }];
  expect(dirOf({ 'custom-build': list })).toBe(found);
});

describe('where Nx has moved its own reader', () => {
  beforeEach(() =>
    jest.doMock(NX_READER, () => {
      throw Object.assign(new Error('gone'), { code: 'MODULE_NOT_FOUND' });
    }),
  );

  it.each(BY_NAMES)('takes what stands under %s', (_key, defaults, found) => {
    expect(dirOf(defaults)).toBe(found);
  });

  it('takes the entries of a list that have no filter', () => {
    const filter = { projects: ['lib'] };
    const list = [dir('all'), { filter, ...dir('a') }];
    expect(dirOf({ 'custom-build': list })).toBe('all');
  });
});
