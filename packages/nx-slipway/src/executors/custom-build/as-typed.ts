import { isDeepStrictEqual } from 'node:util';
import type { ExecutorContext } from '@nx/devkit';
import type { CustomBuildExecutorSchema } from './schema';

const COMMANDS = ['command', 'commandBat'] as const;

/**
 * The options with a command of the command line as it was typed. Of a string
 * Nx makes a list, at the commas, where the schema allows one (coerceType in
 * nx/src/utils/params); a list that stands nowhere in the configuration was one.
 */
export function asTyped(
  options: CustomBuildExecutorSchema,
  { target, configurationName = '' }: ExecutorContext,
): CustomBuildExecutorSchema {
  const written = [
    target?.options as Partial<CustomBuildExecutorSchema> | undefined,
    target?.configurations?.[configurationName] as
      Partial<CustomBuildExecutorSchema> | undefined,
  ];
  const typed = COMMANDS.map((name) => {
    const value = options[name];
    const isWritten = written.some((one) =>
      isDeepStrictEqual(one?.[name], value),
    );
    const isSplit = Array.isArray(value) && !isWritten;
    return isSplit ? { [name]: value.join() } : {};
  });
  return Object.assign({ ...options }, ...typed) as CustomBuildExecutorSchema;
}
