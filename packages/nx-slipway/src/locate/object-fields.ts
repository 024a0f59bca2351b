import { familiarName, formatReference, type ImageReference } from '../image';
import type { ObjectFields } from './locators';
import type { Change, JsonObject, JsonPath } from './types';

/** A field that says which name it is and holds no text; null is nothing. */
export function notTextField(
  object: JsonObject,
  { repository, registry }: ObjectFields,
): string | undefined {
  return [repository, registry].find((field) => {
    const value = field === undefined ? undefined : object[field];
    return value !== undefined && value !== null && typeof value !== 'string';
  });
}

/**
 * The image that an object has in parts. A field that is empty is none; a tag
 * may be a number, `1.2`, which in a chart's values it often is.
 * @returns undefined where no repository is
 */
export function joinedImage(
  object: JsonObject,
  fields: ObjectFields,
): string | undefined {
  const part = (field?: string) => {
    const value = field === undefined ? undefined : object[field];
    if (typeof value === 'number') return `${value}`;
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const repository = part(fields.repository);
  if (repository === undefined) return undefined;
  const registry = part(fields.registry);
  const tag = part(fields.tag);
  const digest = part(fields.digest);
  return [
    registry === undefined ? '' : `${registry}/`,
    repository,
    tag === undefined ? '' : `:${tag}`,
    digest === undefined ? '' : `@${digest}`,
  ].join('');
}

/** A ref in the parts that an object has fields for; what has none is emptied. */
export function partChanges(
  object: JsonObject,
  fields: ObjectFields,
  ref: ImageReference,
  path: JsonPath,
): Change[] {
  const { repository, tag = '', digest = '' } = partsOf(ref, fields);
  const wanted: [string | undefined, string][] = [
    [fields.repository, repository],
    [fields.registry, ref.domain],
    [fields.tag, tag],
    [fields.digest, digest],
  ];
  return wanted.flatMap(([field, text]) => {
    if (field === undefined || object[field] === text) return [];
    // What is not there and empty need not come.
    if (text === '' && !object[field]) return [];
    return [{ path: [...path, field], value: text }];
  });
}

interface Parts {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/**
 * A digest is left out where a tag is enough: the tag is of the content. The
 * registry goes into a repository without a field of its own beside it. What
 * reads a repository and a tag puts a colon between the two, so that a digest
 * alone is parted at its own: `web@sha256` and `<hex>`.
 */
function partsOf(ref: ImageReference, fields: ObjectFields): Parts {
  const name = fields.registry === undefined ? familiarName(ref) : ref.path;
  const tag = fields.tag === undefined ? undefined : ref.tag;
  const digest = fields.digest === undefined ? undefined : ref.digest;
  if (tag !== undefined || digest !== undefined) {
    return { repository: name, tag, digest };
  }
  if (fields.tag !== undefined && ref.digest !== undefined) {
    const [algorithm = '', hex = ''] = ref.digest.split(':');
    return { repository: `${name}@${algorithm}`, tag: hex };
  }
  const rest = formatReference(ref).slice(familiarName(ref).length);
  return { repository: `${name}${rest}` };
}
