import { formatReference } from '../image';
import { SlipwayError } from '../report';
import { placesAt } from './json-path';
import type { Place } from './locators';
import type { Match } from './matcher';
import { openNested } from './nested';
import { joinedImage, partChanges } from './object-fields';
import type {
  Change,
  ImageUse,
  JsonPath,
  JsonValue,
  ManifestObject,
} from './types';
import { isObject } from './value-of';

/** What is told of each image that stands at a place. */
export type See = (text: string, path: JsonPath, use?: ImageUse) => void;

/**
 * What a place of a locator comes to in a value: each image that stands there
 * is seen, and those that match get their refs.
 * @throws SLIPWAY_E_MANIFEST where something else stands than the locator says
 */
export function changesAt(
  place: Place,
  value: JsonValue,
  of: ManifestObject,
  match: Match,
  see: See,
): Change[] {
  return placesAt(value, place.path).flatMap(({ path, value: inner }) => {
    if (place.object) {
      return partsAt(place, path, inner, of, match, see);
    }
    if (inner === null) return [];
    if (typeof inner !== 'string') throw notAText(place, path, inner, of);
    if (place.nested) return nestedAt(place, path, inner, of, match, see);
    const use = match(inner);
    see(inner, path, use);
    if (!use) return [];
    return [...textChange(path, inner, use), ...siblingPolicy(value, path)];
  });
}

function textChange(path: JsonPath, text: string, use: ImageUse): Change[] {
  const ref = formatReference(use.deployRef);
  return ref === text ? [] : [{ path, value: ref }];
}

/** As in Tilt, only where there is one. */
function siblingPolicy(value: JsonValue, path: JsonPath): Change[] {
  const parent = path.slice(0, -1);
  const object = parent.reduce<unknown>(
    (inner, key) => (inner as Record<string | number, unknown>)[key],
    value,
  );
  if (!isObject(object) || object.imagePullPolicy === undefined) return [];
  if (object.imagePullPolicy === IF_NOT_PRESENT) return [];
  return [{ path: [...parent, 'imagePullPolicy'], value: IF_NOT_PRESENT }];
}

export const IF_NOT_PRESENT = 'IfNotPresent';

function partsAt(
  place: Place,
  path: JsonPath,
  inner: JsonValue,
  of: ManifestObject,
  match: Match,
  see: See,
): Change[] {
  const { object: fields } = place;
  if (!fields || inner === null) return [];
  if (!isObject(inner)) throw notAText(place, path, inner, of, 'object');
  const text = joinedImage(inner, fields);
  if (text === undefined) return [];
  const use = match(text);
  see(text, path, use);
  return use ? partChanges(inner, fields, use.deployRef, path) : [];
}

function nestedAt(
  place: Place,
  path: JsonPath,
  text: string,
  of: ManifestObject,
  match: Match,
  see: See,
): Change[] {
  const origin = `${of.origin}:${of.line} ${nameOf(of)} ${place.path.text}`;
  const nested = openNested(text, origin);
  if (!nested || !place.nested) return [];
  const changes = changesAt(place.nested.place, nested.value, of, match, see);
  return changes.length === 0 ? [] : [{ path, value: nested.edit(changes) }];
}

function nameOf({ object: { kind, metadata } }: ManifestObject): string {
  return `${kind}/${metadata.name}`;
}

function notAText(
  { path: { text } }: Place,
  path: JsonPath,
  value: JsonValue,
  of: ManifestObject,
  wanted = 'text',
): SlipwayError {
  const found = Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  return new SlipwayError({
    code: 'SLIPWAY_E_MANIFEST',
    message: `${of.origin}:${of.line}:${of.column}: the locator ${text} leads to ${path.join('.')} of ${nameOf(of)}, where ${found} stands and no ${wanted}.`,
    hint: 'Correct the path of the locator in nx.json, or narrow it by apiVersion, kind and name.',
  });
}
