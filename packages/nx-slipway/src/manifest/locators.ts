import { SlipwayError, nearest } from '../report';
import { JsonPathError, parsePath, type PlacePath } from './json-path';
import type { KubeObject } from './types';
import { isObject } from './value-of';

/** The fields that an image is parted into; each the name of a field. */
export interface ObjectFields {
  repository: string;
  tag?: string;
  registry?: string;
  digest?: string;
}

/** What stands in a text: a path in it, or a locator further on. */
export interface ThenOption {
  path: string;
  object?: ObjectFields;
  format?: 'yaml' | 'json';
  then?: string | ThenOption;
}

/** A locator as users write it (design 2.11). */
export interface LocatorOption extends ThenOption {
  /** Exact, or with `*` for the version: `acme.dev/*`. */
  apiVersion?: string;
  kind?: string;
  name?: string;
  namespace?: string;
}

/** Where, in a value, an image stands. */
export interface Place {
  readonly path: PlacePath;
  /** It is parted into fields. */
  readonly object?: ObjectFields;
  /** There stands a text of that format, and the image within. */
  readonly nested?: { readonly format: 'yaml' | 'json'; readonly place: Place };
}

/** A rule that says where in some objects an image stands. */
export interface Locator {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly place: Place;
}

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
  assertKeys(option, [...SELECTORS, ...PLACE_KEYS], where);
  const selectors = Object.fromEntries(
    SELECTORS.map((key) => [key, textAt(option, key, where)]),
  ) as Pick<Locator, (typeof SELECTORS)[number]>;
  if (Object.values(selectors).every((value) => value === undefined)) {
    throw invalid(
      `${where} names no apiVersion, kind, name or namespace, and would be for every object`,
    );
  }
  return { ...selectors, place: parsePlace(option, where) };
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
  assertKeys(then, PLACE_KEYS, inner);
  return {
    path,
    nested: { format: format ?? 'yaml', place: parsePlace(then, inner) },
  };
}

function fieldsOf(object: unknown, where: string): ObjectFields {
  if (!isObject(object)) throw invalid(`${where} is no object`);
  assertKeys(object, FIELDS, where);
  for (const key of FIELDS) textAt(object, key, where);
  if (object.repository === undefined) {
    throw invalid(
      `${where} has no repository: the name of the field that holds it`,
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

function assertKeys(
  option: Readonly<Record<string, unknown>>,
  known: readonly string[],
  where: string,
): void {
  const unknown = Object.keys(option).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const near = nearest(unknown, known);
  const meant = near === undefined ? '' : `Did you mean ${near}? `;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_UNKNOWN',
    message: `${where} has no option "${unknown}".`,
    hint: `${meant}The options are ${known.join(', ')}.`,
  });
}

function invalid(what: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `${what}.`,
    hint: 'For example { "apiVersion": "acme.dev/v1", "kind": "Widget", "path": "{.spec.image}" }.',
  });
}

/** Whether a locator is for an object. Selectors are exact. */
export function isFor(locator: Locator, object: KubeObject): boolean {
  const { apiVersion, kind, metadata } = object;
  const version = locator.apiVersion;
  const isVersion =
    version === undefined ||
    version === apiVersion ||
    (version.endsWith('/*') && apiVersion.startsWith(version.slice(0, -1)));
  return (
    isVersion &&
    (locator.kind ?? kind) === kind &&
    (locator.name ?? metadata.name) === metadata.name &&
    (locator.namespace ?? metadata.namespace) === metadata.namespace
  );
}
