import type { TargetConfiguration } from '@nx/devkit';
import { CUSTOM_BUILD } from '../../settings';
import type { FilledRecipe } from '../recipes';
import type { Target } from '../targets';

type Options = Readonly<Record<string, unknown>>;

/** What an image is built of, which its owner knows best. */
const OF_THE_PROJECT = ['deps', 'ignore'];

/** Where the image of a command is found: of another command they say nothing. */
const OF_THE_COMMAND = [
  'commandBat',
  'dir',
  'tag',
  'outputsImageRefTo',
  'skipsLocalDocker',
  'disablePush',
];

/**
 * The target as it is to be, beside what one that is there keeps.
 * @param withLiveUpdate whether steps are written, where there are none
 */
export function targetOf(
  filled: FilledRecipe,
  there: TargetConfiguration | undefined,
  withLiveUpdate: boolean,
): Target {
  const old = (there?.options ?? {}) as Options;
  const isSame = old.command === filled.options.command;
  const left = isSame ? [] : OF_THE_COMMAND.filter((key) => key in old);
  const { liveUpdate } = filled;
  const target: Target = {
    executor: CUSTOM_BUILD,
    options: {
      // What is undefined is not written, and so taken away.
      ...Object.fromEntries(left.map((key) => [key, undefined])),
      ...filled.options,
      ...(isSame && picked(old, OF_THE_PROJECT)),
      ...envOf(filled.options, old),
      ...(withLiveUpdate &&
        liveUpdate &&
        old.liveUpdate === undefined && { liveUpdate }),
    },
  };
  const inputs = joined(there?.inputs ?? ['...'], filled.inputs);
  if (filled.inputs.length > 0) target.inputs = inputs;
  if (filled.dependsOn.length > 0) {
    target.dependsOn = joined(there?.dependsOn ?? [], filled.dependsOn);
  }
  return target;
}

function picked(options: Options, keys: readonly string[]): Options {
  return Object.fromEntries(
    Object.entries(options).filter(([key]) => keys.includes(key)),
  );
}

/** Variables that somebody has added stay. */
function envOf({ env }: Options, old: Options): { env?: object } {
  if (env === undefined) return {};
  return { env: { ...(old.env as object | undefined), ...(env as object) } };
}

function joined<T>(there: readonly T[], more: readonly T[]): T[] {
  const has = (entry: T) =>
    there.some((other) => JSON.stringify(other) === JSON.stringify(entry));
  return [...there, ...more.filter((entry) => !has(entry))];
}
