import fc from 'fast-check';
import { nxArguments } from './nx-arguments';

const taskOf = (id: string) => {
  const [project = '', target = ''] = id.split(':');
  return { project, target };
};

const argumentsFor = (
  tasks: readonly string[],
  more: { others?: readonly string[]; configuration?: string } = {},
) =>
  nxArguments({
    tasks: tasks.map(taskOf),
    isOther: ({ project, target }) =>
      more.others?.includes(`${project}:${target}`) ?? false,
    configuration: more.configuration,
  });

it('are one run for tasks of one target', () => {
  expect(argumentsFor(['web:build', 'lib:build'])).toEqual([
    [
      'run-many',
      '--targets=build',
      '--projects=web,lib',
      '--output-style=stream',
      '--nx-bail=false',
      '--skip-sync',
    ],
  ]);
});

it('hand on the configuration', () => {
  const [run] = argumentsFor(['web:build'], { configuration: 'production' });
  expect(run).toContain('--configuration=production');
});

it('name each project and each target once', () => {
  const [run] = argumentsFor(['web:build', 'web:build', 'web:codegen']);
  expect(run).toContain('--targets=build,codegen');
  expect(run).toContain('--projects=web');
});

/** All that a run of Nx would run, of the projects' targets that there are. */
const runBy = (run: readonly string[], targets: readonly string[]) => {
  const listOf = (name: string) =>
    run
      .find((one) => one.startsWith(name))
      ?.slice(name.length)
      .split(',');
  return (listOf('--projects=') ?? [])
    .flatMap((project) =>
      (listOf('--targets=') ?? []).map((target) => `${project}:${target}`),
    )
    .filter((id) => targets.includes(id));
};

it('run what is wanted, and nothing else', () => {
  const ids = ['a', 'b', 'c'].flatMap((project) =>
    ['x', 'y', 'z'].map((target) => `${project}:${target}`),
  );
  fc.assert(
    fc.property(
      fc.subarray(ids, { minLength: 1 }),
      fc.subarray(ids),
      (wanted, more) => {
        const others = more.filter((id) => !wanted.includes(id));
        const runs = argumentsFor(wanted, { others });
        const all = runs.flatMap((run) => runBy(run, [...wanted, ...others]));
        expect(all.sort()).toEqual([...wanted].sort());
      },
    ),
  );
});
