import type { ExecutorContext } from '@nx/devkit';
import { executorContext } from '../../testing/executor-context';
import { slipwayError } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { assertHashed } from './hashed-deps';
import { uncachedReasons } from './uncached';

const folder = useTempFolder();
const DIST = [
  { dependentTasksOutputFiles: 'apps/web/dist', transitive: true },
  { dependentTasksOutputFiles: 'apps/web/dist/**/*', transitive: true },
];

/** A build that reads `dist`, after tasks with these outputs. */
function context(
  outputs: readonly string[],
  target: object = {},
): ExecutorContext {
  const build = { executor: 'nx-slipway:custom-build', cache: true };
  const made = executorContext({
    root: folder.path,
    project: 'web',
    projects: {
      web: {
        root: 'apps/web',
        targets: { 'custom-build': { ...build, inputs: DIST, ...target } },
      },
    },
  });
  const task = (id: string, own: readonly string[]) => ({ id, outputs: own });
  const taskGraph = {
    tasks: {
      'web:custom-build': task('web:custom-build', []),
      'web:bundle': task('web:bundle', []),
      'web:build': task('web:build', outputs),
    },
    dependencies: {
      'web:custom-build': ['web:bundle'],
      'web:bundle': ['web:build'],
      'web:build': [],
    },
  };
  return { ...made, taskGraph } as unknown as ExecutorContext;
}

describe('what git ignores and a build reads', () => {
  beforeEach(() => folder.write({ 'apps/web/dist/main.js': '' }));

  it.each([
    'apps/web/dist',
    'apps/web/dist/',
    'apps/web/dist/**/*',
    'apps/web',
    'apps/*/dist/**',
  ])('is hashed as %s, the output of a task before it', (output) => {
    expect(() => assertHashed(context([output]))).not.toThrow();
  });

  it.each([
    [[]],
    [['apps/web/distant']],
    [['apps/web/dist/main.js']],
    [['apps/web/*.tgz']],
    [['apps/web/*']],
    [['apps/web/dist/*.js']],
  ])('is refused where the tasks before it make %j', (outputs) => {
    expect(() => assertHashed(context(outputs))).toThrow(
      slipwayError('SLIPWAY_E_DEPS_UNHASHED', /apps\/web\/dist/),
    );
  });

  it('may be a file that a glob matches', async () => {
    await folder.write({ 'apps/web/app.tgz': '' });
    const inputs = [
      { dependentTasksOutputFiles: 'apps/web/app.tgz', transitive: true },
    ];
    const made = context(['apps/web/*.tgz'], { inputs });
    expect(() => assertHashed(made)).not.toThrow();
    const other = context(['apps/web/*.zip'], { inputs });
    expect(() => assertHashed(other)).toThrow(
      slipwayError('SLIPWAY_E_DEPS_UNHASHED'),
    );
  });

  it('does not matter where nothing is cached, or nothing is there', () => {
    const uncached = context([], { cache: false });
    expect(() => assertHashed(uncached)).not.toThrow();
    const inputs = [{ dependentTasksOutputFiles: 'lib', transitive: true }];
    const missing = context([], { inputs });
    expect(() => assertHashed(missing)).not.toThrow();
    const own = context([], { inputs: ['{projectRoot}/**/*'] });
    expect(() => assertHashed(own)).not.toThrow();
  });

  it('is not looked for where Nx runs no tasks', () => {
    const { taskGraph, ...without } = context([]);
    expect(taskGraph).toBeDefined();
    expect(() => assertHashed(without as ExecutorContext)).not.toThrow();
  });
});

describe('why Nx does not cache a build', () => {
  const reasons = (cache: boolean, uncached: unknown) =>
    uncachedReasons(
      context([], { cache, metadata: { slipway: { uncached } } }),
    );

  it('is what the graph says', () => {
    expect(reasons(false, ['deps names x'])).toEqual(['deps names x']);
  });

  it('is nothing where a user has turned the cache on, or metadata is not ours', () => {
    expect(reasons(true, ['deps names x'])).toEqual([]);
    expect(reasons(false, 'x')).toEqual([]);
    expect(reasons(false, [1, null])).toEqual([]);
  });
});
