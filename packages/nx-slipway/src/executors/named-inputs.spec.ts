import { chainContext, type Chain } from '../testing/chain-context';
import { slipwayError } from '../testing/slipway-error';
import { filesetsOf, type Fileset } from './named-inputs';

/** lib depends on a package too, and deep on app again. */
const edges = { app: ['lib'], lib: ['deep', 'npm:react'], deep: ['app'] };

const filesets = (
  input: string,
  nxInputs?: Chain['nxInputs'],
  own?: Chain['own'],
) => filesetsOf(input, 'app', chainContext({ nxInputs, own, edges }));

const sorted = ({ include }: Fileset) => [...include].sort();

it('has every file of the project for default, where nothing is defined', () => {
  expect(filesets('default')).toEqual({
    include: ['/ws/apps/app/**/*'],
    exclude: [],
  });
});

it('follows names into names, and tells what is taken out again', () => {
  const inputs = {
    shared: ['{workspaceRoot}/babel.json'],
    production: ['default', 'shared', '!{projectRoot}/**/*.spec.ts'],
  };
  expect(filesets('production', inputs)).toEqual({
    include: ['/ws/apps/app/**/*', '/ws/babel.json'],
    exclude: ['/ws/apps/app/**/*.spec.ts'],
  });
});

it('prefers what the project defines itself', () => {
  const own = { 'apps/app': { production: ['{projectRoot}/src/**/*'] } };
  const inputs = { production: ['default'] };
  expect(filesets('production', inputs, own).include).toEqual([
    '/ws/apps/app/src/**/*',
  ]);
});

it('has the files of all dependencies for ^, each by its own definition', () => {
  const own = { 'libs/deep': { production: ['{projectRoot}/deep.ts'] } };
  const inputs = { production: ['{projectRoot}/src/**/*'] };
  expect(sorted(filesets('^production', inputs, own))).toEqual([
    // The graph may be a circle, which leads back here.
    '/ws/apps/app/src/**/*',
    '/ws/libs/deep/deep.ts',
    '/ws/libs/lib/src/**/*',
  ]);
});

it('reads the object forms, and leaves to Nx what is no file', () => {
  const inputs = {
    production: [
      { fileset: '{projectRoot}/a.ts' },
      { input: 'shared' },
      { input: 'shared', dependencies: true },
      { env: 'CI' },
      { runtime: 'node -v' },
      { externalDependencies: ['react'] },
    ],
    shared: ['{projectRoot}/shared.ts'],
  } as Chain['nxInputs'];
  expect(sorted(filesets('production', inputs))).toEqual([
    '/ws/apps/app/a.ts',
    '/ws/apps/app/shared.ts',
    '/ws/libs/deep/shared.ts',
    '/ws/libs/lib/shared.ts',
  ]);
});

it('ends where names go round in a circle', () => {
  const inputs = { a: ['b', '{projectRoot}/x'], b: ['a'] };
  expect(filesets('a', inputs).include).toEqual(['/ws/apps/app/x']);
});

it.each(['gone', '^gone'])('refuses %s, which nobody defines', (input) => {
  expect(() => filesets(input)).toThrow(
    slipwayError('SLIPWAY_E_OPTION_INVALID', /"gone"/),
  );
});

it('has the files of the projects that an input names', () => {
  const inputs = {
    both: ['default', { input: 'default', projects: ['deep'] }],
    one: [{ input: 'default', projects: 'lib' }],
  };
  expect(filesets('both', inputs).include).toEqual([
    '/ws/apps/app/**/*',
    '/ws/libs/deep/**/*',
  ]);
  expect(filesets('one', inputs).include).toEqual(['/ws/libs/lib/**/*']);
});

it('refuses a pattern of projects, rather than leave their files out', () => {
  const inputs = { all: [{ input: 'default', projects: ['li*'] }] };
  expect(() => filesets('all', inputs)).toThrow(
    slipwayError('SLIPWAY_E_OPTION_INVALID', /"li\*"/),
  );
});
