import { chainContext, type Chain } from '../testing/chain-context';
import { envInputsOf } from './env-inputs';

const envInputs = (
  inputs: readonly unknown[] | undefined,
  nxInputs?: Chain['nxInputs'],
  own?: Chain['own'],
) => envInputsOf(inputs, 'app', chainContext({ nxInputs, own }));

it('has the variables that the target names itself, each once', () => {
  const inputs = ['default', { env: 'CI' }, { runtime: 'x' }, { env: 'CI' }];
  expect(envInputs(inputs)).toEqual(['CI']);
});

it('has those of named inputs, and of names in names', () => {
  const named = { shared: ['deeper', { env: 'A' }], deeper: [{ env: 'B' }] };
  expect(envInputs(['shared'], named)).toEqual(['B', 'A']);
  expect(envInputs([{ input: 'shared' }], named)).toEqual(['B', 'A']);
});

it('prefers what the project defines itself', () => {
  const own = { 'apps/app': { shared: [{ env: 'OWN' }] } };
  expect(envInputs(['shared'], { shared: [{ env: 'A' }] }, own)).toEqual([
    'OWN',
  ]);
});

it.each(['^shared', { input: 'shared', dependencies: true }])(
  'has those of all dependencies for %j, each by its own definition',
  (input) => {
    const own = {
      'apps/app': { shared: [{ env: 'APP' }] },
      'libs/deep': { shared: [{ env: 'DEEP' }] },
    };
    expect(envInputs([input], { shared: [{ env: 'LIB' }] }, own)).toEqual([
      'LIB',
      'DEEP',
    ]);
  },
);

it('has those of the default inputs where a target names none', () => {
  const named = { default: ['{projectRoot}/**/*', { env: 'CI' }] };
  expect(envInputs(undefined, named)).toEqual(['CI']);
});

it('has those of other projects, and of all that a pattern may mean', () => {
  const own = {
    'libs/lib': { shared: [{ env: 'LIB' }] },
    'libs/deep': { shared: [{ env: 'DEEP' }] },
  };
  const of = (projects: string | string[]) =>
    envInputs([{ input: 'shared', projects }], {}, own);
  expect(of('lib')).toEqual(['LIB']);
  expect(of(['tag:x'])).toEqual(['LIB', 'DEEP']);
});

it('leaves alone what is no named input, and all other kinds', () => {
  const inputs = [
    'src/**/*',
    '{projectRoot}/**/*',
    '!{workspaceRoot}/x',
    '^{projectRoot}/x',
    '^production',
    { fileset: '{projectRoot}/x' },
    { externalDependencies: ['react'] },
    { dependentTasksOutputFiles: '**/*' },
  ];
  expect(envInputs(inputs)).toEqual([]);
});
