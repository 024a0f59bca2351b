import type { TargetConfiguration } from '@nx/devkit';
import { combineOptionsForExecutor } from 'nx/src/utils/params';
import { executorContext } from '../../testing/executor-context';
import { asTyped } from './as-typed';
import type { CustomBuildExecutorSchema } from './schema';
import schema from './schema.json';

const TYPED = 'docker build --label a=1,b=2 -t $EXPECTED_REF .';

/** What becomes of a target and of options on the command line. */
function commandOf(
  target: Partial<TargetConfiguration>,
  typed: Record<string, string> = {},
  configuration?: string,
) {
  const context = executorContext({
    root: '/ws',
    configuration,
    projects: { app: { root: 'app', targets: { 'custom-build': target } } },
  });
  const given = combineOptionsForExecutor(
    typed,
    configuration ?? '',
    {
      executor: '',
      ...target,
      options: { ref: 'x', ...(target.options as object | undefined) },
    },
    schema as unknown as Parameters<typeof combineOptionsForExecutor>[3],
    null,
    null,
  ) as unknown as CustomBuildExecutorSchema;
  return asTyped(given, context).command;
}

describe('a command', () => {
  it('is on the command line what was typed, commas and all', () => {
    const target = { options: { command: 'make' } };
    expect(commandOf(target, { command: TYPED })).toBe(TYPED);
  });

  it('stays a list where one is written', () => {
    const command = ['docker', 'build', '.'];
    expect(commandOf({ options: { command } })).toEqual(command);
    const ci = { configurations: { ci: { command } } };
    expect(commandOf(ci, {}, 'ci')).toEqual(command);
  });

  it('is as it is where it is a string', () => {
    expect(commandOf({ options: { command: TYPED } })).toBe(TYPED);
  });
});
