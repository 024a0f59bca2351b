import { SlipwayError, assertKnownOptions } from '../report';
import { JsonPathError, parsePath, type PlacePath } from './json-path';
import type { Locator, ObjectFields, Place } from './locators';
import { isObject } from './is-object';

const SELECTORS = ['apiVersion', 'kind', 'name', 'namespace'] as const;
const PLACE_KEYS = ['path', 'object', 'format', 'then'];
const FIELDS = ['repository', 'tag', 'registry', 'digest'];

/**
 * @param where for the message: which option this is
 * @throws SLIPWAY_E_OPTION_INVALID, SLIPWAY_E_OPTION_UNKNOWN
 */
export function parseLocators(option: unknown, where: string): Locator[] {
  if (option === undefined) return [];
  if (!Array.isArray(option)) throw invalid(`${where} is no list`);
  return (option as unknown[]).map((one, index) =>
    parseLocator(one, `${where}[${index}]`),
  );
}

function parseLocator(option: unknown, where: string): Locator {
  if (!isObject(option)) throw invalid(`${where} is no object`);
  assertKnownOptions(Object.keys(option), [...SELECTORS, ...PLACE_KEYS], where);
  const selectors = Object.fromEntries(
    SELECTORS.map((key) => [key, textAt(option, key, where)]),
  ) as Selectors;
  if (Object.values(selectors).every((value) => value === undefined)) {
    throw invalid(
      `${where} names no apiVersion, kind, name or namespace, and would be for every object`,
    );
  }
  assertExact(selectors, where);
  const place = parsePlace(option, where);
  assertNotIdentity(place, where);
  return { ...selectors, place };
}

type Selectors = Pick<Locator, (typeof SELECTORS)[number]>;

/** A pattern would match nothing, for ever, without a word. */
function assertExact(selectors: Selectors, where: string): void {
  for (const key of SELECTORS) {
    const value = selectors[key] ?? '';
    const exact = key === 'apiVersion' ? value.replace(/\/\*$/, '') : value;
    if (!exact.includes('*')) continue;
    throw invalid(
      `${where}.${key} is ${JSON.stringify(value)}, but ${key === 'apiVersion' ? 'only the version may be *, as in "acme.dev/*"' : `a ${key} is matched as it is`}`,
    );
  }
}

/** Names and labels of an object tell it from others. */
function assertNotIdentity({ path }: Place, where: string): void {
  const [first, second] = path.steps;
  const isKey = (step: typeof first, key: string) =>
    step?.kind === 'key' && step.key === key;
  if (!isKey(first, 'metadata') || isKey(second, 'annotations')) return;
  throw invalid(
    `${where}.path is ${JSON.stringify(path.text)}, and of metadata only annotations can hold an image`,
  );
}

function parsePlace(
  option: Readonly<Record<string, unknown>>,
  where: string,
): Place {
  const text = textAt(option, 'path', where);
  if (text === undefined) throw invalid(`${where} has no path`);
  const path = pathOf(text, `${where}.path`);
  const { object, format, then } = option;
  if (then === undefined && format !== undefined) {
    throw invalid(
      `${where} has a format and no "then", the path within the text`,
    );
  }
  if (object !== undefined && then !== undefined) {
    throw invalid(`${where} has both object and then`);
  }
  if (object !== undefined)
    return { path, object: fieldsOf(object, `${where}.object`) };
  if (then === undefined) return { path };
  if (format !== undefined && format !== 'yaml' && format !== 'json') {
    throw invalid(
      `${where}.format is ${JSON.stringify(format)}; it is yaml or json`,
    );
  }
  const inner = `${where}.then`;
  if (typeof then === 'string') {
    const place = { path: pathOf(then, inner) };
    return { path, nested: { format: format ?? 'yaml', place } };
  }
  if (!isObject(then))
    throw invalid(`${inner} is neither a path nor an object`);
  assertKnownOptions(Object.keys(then), PLACE_KEYS, inner);
  return {
    path,
    nested: { format: format ?? 'yaml', place: parsePlace(then, inner) },
  };
}

function fieldsOf(object: unknown, where: string): ObjectFields {
  if (!isObject(object)) throw invalid(`${where} is no object`);
  assertKnownOptions(Object.keys(object), FIELDS, where);
  for (const key of FIELDS) textAt(object, key, where);
  if (object.repository === undefined) {
    throw invalid(
      `${where} has no repository: the name of the field that holds it`,
    );
  }
  const names = Object.values(object);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw invalid(
      `${where} names the field ${JSON.stringify(twice)} for two parts`,
    );
  }
  return object as unknown as ObjectFields;
}

function pathOf(text: string, where: string): PlacePath {
  try {
    return parsePath(text);
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    throw invalid(
      `${where} is ${JSON.stringify(text)}, and at character ${error.at} ${error.message}`,
    );
  }
}

function textAt(
  option: Readonly<Record<string, unknown>>,
  key: string,
  where: string,
): string | undefined {
  const value = option[key];
  if (value === undefined || (typeof value === 'string' && value !== '')) {
    return value;
  }
  throw invalid(
    `${where}.${key} is ${JSON.stringify(value)}, which is no text`,
  );
}

function invalid(what: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `${what}.`,
    hint: 'For example { "apiVersion": "acme.dev/v1", "kind": "Widget", "path": "{.spec.image}" }.',
  });
}
