import type { NxJsonConfiguration, ProjectConfiguration } from '@nx/devkit';
import { executorContext } from '../testing/executor-context';
import { envInputsOf } from './env-inputs';

type NamedInputs = ProjectConfiguration['namedInputs'];

/** Of app, which depends on lib; lib depends on deep. */
function envInputs(
  inputs: readonly unknown[] | undefined,
  nxInputs?: NxJsonConfiguration['namedInputs'],
  own: Readonly<Record<string, NamedInputs>> = {},
) {
  const project = (root: string): ProjectConfiguration => ({
    root,
    namedInputs: own[root],
  });
  const context = executorContext({
    root: '/ws',
    nxJson: { namedInputs: nxInputs },
    projects: {
      app: project('app'),
      lib: project('lib'),
      deep: project('deep'),
    },
    edges: { app: ['lib'], lib: ['deep'] },
  });
  return envInputsOf(inputs, 'app', context);
}

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
  const own = { app: { shared: [{ env: 'OWN' }] } };
  expect(envInputs(['shared'], { shared: [{ env: 'A' }] }, own)).toEqual([
    'OWN',
  ]);
});

it.each(['^shared', { input: 'shared', dependencies: true }])(
  'has those of all dependencies for %j, each by its own definition',
  (input) => {
    const own = {
      app: { shared: [{ env: 'APP' }] },
      deep: { shared: [{ env: 'DEEP' }] },
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
    lib: { shared: [{ env: 'LIB' }] },
    deep: { shared: [{ env: 'DEEP' }] },
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
