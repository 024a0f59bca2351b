import type { Arguments, Value } from '../read';
import type { Reader } from './readers';

/** The arguments of a call by the names of its parameters. */
export interface Given {
  /** None also for None and '', which stand for the default. */
  take<T>(name: string, reader: Reader<T>): T | undefined;
  value(name: string): Value | undefined;
  /** What was asked for and could not be read, and what no function takes. */
  readonly problems: string[];
  /**
   * All problems, and what nobody has asked for.
   * @param silent what does nothing, or is told elsewhere
   */
  finish(silent?: readonly string[]): string[];
}

/**
 * @param parameters in the order in which the function takes them
 */
export function given(
  { args, named }: Arguments,
  parameters: readonly string[],
): Given {
  const problems: string[] = [];
  const values = new Map<string, Value>();
  args.forEach((value, at) => {
    const name = parameters[at];
    if (name === undefined) problems.push(`argument ${at + 1} is not known`);
    else values.set(name, value);
  });
  for (const [name, value] of named) {
    if (name === '**') problems.push(`${value.text} is computed`);
    else if (!parameters.includes(name)) problems.push(`${name} is not known`);
    else values.set(name, value);
  }
  const asked = new Set<string>();
  return {
    problems,
    finish: (silent = []) => [
      ...problems,
      ...[...values.keys()]
        .filter((name) => !asked.has(name) && !silent.includes(name))
        .map((name) => `${name} has no counterpart here`),
    ],
    value: (name) => {
      asked.add(name);
      return values.get(name);
    },
    take: (name, reader) => {
      asked.add(name);
      const value = values.get(name);
      if (value === undefined || isDefault(value)) return undefined;
      const read = reader(value);
      if ('value' in read) {
        problems.push(...(read.less ?? []).map((why) => `${name}: ${why}`));
        return read.value;
      }
      problems.push(`${name} ${read.why}`);
      return undefined;
    },
  };
}

const isDefault = (value: Value): boolean =>
  value.kind === 'none' || (value.kind === 'string' && value.value === '');
