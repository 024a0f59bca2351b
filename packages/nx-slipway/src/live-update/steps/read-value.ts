import { posix, relative, sep } from 'node:path';
import { nearest } from '../../report';
import type { FileRule } from '../types';
import { invalid } from './invalid';

/** What paths in the option mean. */
export interface Where {
  /** Of the workspace, absolute. */
  readonly root: string;
  /**
   * A path of the option, absolute: from the workspace root or the project's.
   * @param within the option: the number of the step, from 0, and the keys below;
   *   what stands nowhere in it is from the project's
   */
  readonly path: (
    value: string,
    ...within: readonly (string | number)[]
  ) => string;
}

/** A value of a step, and where in the option it stands. */
export interface Value {
  readonly value: unknown;
  readonly within: readonly [step: number, ...keys: (string | number)[]];
}

export function valueIn({ value, within }: Value, key: string): Value {
  const inner = (value as Readonly<Record<string, unknown>>)[key];
  return { value: inner, within: [...within, key] };
}

/** `step 2 of liveUpdate`, `sync.from in step 2 of liveUpdate` */
export function nameOf({ within: [step, ...keys] }: Value): string {
  const words = keys.filter((key) => typeof key === 'string');
  const name = `step ${step + 1} of liveUpdate`;
  return words.length > 0 ? `${words.join('.')} in ${name}` : name;
}

/** @throws SLIPWAY_E_OPTION_INVALID unless it is an object of some of these keys */
export function assertKeys(
  given: Value,
  keys: readonly string[],
  example: string,
): void {
  if (!isObject(given.value)) {
    throw invalid(`${nameOf(given)} is no object`, example);
  }
  const unknown = Object.keys(given.value).find((key) => !keys.includes(key));
  if (unknown === undefined) return;
  const near = nearest(unknown, keys);
  throw invalid(
    `${nameOf(given)} has "${unknown}", which nobody knows`,
    near === undefined
      ? `It may have ${keys.join(', ')}.`
      : `Did you mean ${near}?`,
  );
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws SLIPWAY_E_OPTION_INVALID */
export function textOf(given: Value, example: string): string {
  const { value } = given;
  if (typeof value !== 'string') {
    throw invalid(`${nameOf(given)} is no string`, example);
  }
  if (value.includes('\0')) {
    throw invalid(`${nameOf(given)} has a byte of 0 in it`, example);
  }
  return value;
}

/**
 * A list of strings; one string is a list of one.
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export function textsOf(given: Value, example: string): Value[] {
  const { value, within } = given;
  if (typeof value === 'string') return [given];
  const values: readonly unknown[] = Array.isArray(value) ? value : [];
  if (
    !Array.isArray(value) ||
    values.some((each) => typeof each !== 'string')
  ) {
    throw invalid(
      `${nameOf(given)} is neither a string nor a list of strings`,
      example,
    );
  }
  return values.map((each, index) => ({
    value: each,
    within: [...within, index],
  }));
}

/** @throws SLIPWAY_E_OPTION_INVALID if it leaves the workspace */
export function fileRuleOf(
  given: Value,
  where: Where,
  example: string,
): FileRule {
  const value = textOf(given, example);
  const absolute = where.path(value, ...given.within);
  // Nx has taken off what tells the two apart, which messages are to show.
  const isFromRoot = absolute !== where.path(value);
  const written = isFromRoot ? `{workspaceRoot}/${value}` : value;
  const path = relative(where.root, absolute).split(sep).join(posix.sep);
  if (path === '..' || path.startsWith('../') || posix.isAbsolute(path)) {
    throw invalid(
      `${nameOf(given)} is "${written}", which is not in the workspace`,
      'It is relative to the project root unless it starts with {workspaceRoot}/.',
    );
  }
  return { written, path };
}
