import { formatReference } from '../image';
import { SlipwayError } from '../report';
import { valueAt } from './apply-changes';
import { IF_NOT_PRESENT } from './by-shape';
import { formatPath, placesAt } from './json-path';
import type { Place } from './locators';
import type { NestedTexts } from './nested-texts';
import { joinedImage, notTextField, partChanges } from './object-fields';
import type { Take } from './take';
import type {
  Change,
  ImageUse,
  JsonPath,
  JsonValue,
  ManifestObject,
} from './types';
import { isObject } from './is-object';

/** Where a locator is being followed. */
export interface Site {
  readonly of: ManifestObject;
  readonly take: Take;
  readonly texts: NestedTexts;
  /** Within a text of the object: the way to it, and to its document. */
  readonly outer: JsonPath;
}

/**
 * What a place of a locator comes to in a value: the changes that put the uses
 * there which `take` answers with.
 * @throws SLIPWAY_E_MANIFEST where something else stands than the locator says
 */
export function changesAt(
  place: Place,
  value: JsonValue,
  site: Site,
): Change[] {
  return placesAt(value, place.path)
    .filter(({ path }) => mayHoldImage([...site.outer, ...path]))
    .flatMap(({ path, value: inner }) => {
      if (inner === null) return [];
      if (place.object) return partsAt(place, path, inner, site);
      if (typeof inner !== 'string')
        throw notA('text', place, path, inner, site);
      if (place.nested) return nestedAt(place, path, inner, site);
      const use = site.take(inner, [...site.outer, ...path]);
      if (!use) return [];
      return [...textChange(path, inner, use), ...siblingPolicy(value, path)];
    });
}

/** Of what names and owns an object, only its annotations. */
function mayHoldImage([first, second]: JsonPath): boolean {
  return first !== 'metadata' || second === 'annotations';
}

function textChange(path: JsonPath, text: string, use: ImageUse): Change[] {
  const ref = formatReference(use.deployRef);
  return ref === text ? [] : [{ path, value: ref }];
}

/** As in Tilt, only where there is one. */
function siblingPolicy(value: JsonValue, path: JsonPath): Change[] {
  const parent = path.slice(0, -1);
  const object = valueAt(value, parent);
  if (!isObject(object) || object.imagePullPolicy === undefined) return [];
  if (object.imagePullPolicy === IF_NOT_PRESENT) return [];
  return [{ path: [...parent, 'imagePullPolicy'], value: IF_NOT_PRESENT }];
}

function partsAt(
  place: Place,
  path: JsonPath,
  inner: JsonValue,
  site: Site,
): Change[] {
  const { object: fields } = place;
  if (!fields) return [];
  if (!isObject(inner)) throw notA('object', place, path, inner, site);
  const wrong = notTextField(inner, fields);
  if (wrong !== undefined) {
    const value = inner[wrong] as JsonValue;
    throw notA('text', place, [...path, wrong], value, site);
  }
  const text = joinedImage(inner, fields);
  if (text === undefined) return [];
  const use = site.take(text, [...site.outer, ...path, fields.repository]);
  return use ? partChanges(inner, fields, use.deployRef, path) : [];
}

function nestedAt(
  { path: { text: locator }, nested }: Place,
  path: JsonPath,
  text: string,
  { of, take, texts, outer }: Site,
): Change[] {
  if (!nested) return [];
  const at = [...outer, ...path];
  const where = `${of.origin}:${of.line} ${nameOf(of)} ${locator}`;
  const documents = texts.open(text, where);
  const changes = new Map(
    documents.map(({ number, value }) => {
      const inner = documents.length === 1 ? at : [...at, number];
      const site = { of, take, texts, outer: inner };
      return [number, changesAt(nested.place, value, site)];
    }),
  );
  const edited = texts.edit(text, (number) => changes.get(number) ?? []);
  return edited === text ? [] : [{ path, value: edited }];
}

function nameOf({ object: { kind, metadata } }: ManifestObject): string {
  return `${kind}/${metadata.name}`;
}

function notA(
  wanted: 'text' | 'object',
  { path: { text } }: Place,
  path: JsonPath,
  value: JsonValue,
  { of, outer }: Site,
): SlipwayError {
  const found = Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  const at = formatPath([...outer, ...path]);
  return new SlipwayError({
    code: 'SLIPWAY_E_MANIFEST',
    message: `${of.origin}:${of.line}:${of.column}: the locator ${text} leads to ${at} of ${nameOf(of)}, where ${found} stands and no ${wanted}.`,
    hint: 'Correct the path of the locator in nx.json, or narrow it by apiVersion, kind and name.',
  });
}
