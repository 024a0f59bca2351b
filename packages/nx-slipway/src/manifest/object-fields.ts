import { familiarName, formatReference, type ImageReference } from '../image';
import type { ObjectFields } from './locators';
import type { Change, JsonObject, JsonPath } from './types';

/**
 * The image that an object has in parts. A field that is empty is none.
 * @returns undefined where no repository is
 */
export function joinedImage(
  object: JsonObject,
  fields: ObjectFields,
): string | undefined {
  const part = (field?: string) => {
    const value = field === undefined ? undefined : object[field];
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

/**
 * A ref in the parts that an object has fields for. What there is no field for
 * goes where it can be read all the same: the registry into the repository;
 * tag or digest, if there is a field for neither, too. Where there is a tag to
 * name the image by, a digest without a field is left out: the tag is of the
 * content. A field whose part the ref has not is emptied.
 */
export function partChanges(
  object: JsonObject,
  fields: ObjectFields,
  ref: ImageReference,
  path: JsonPath,
): Change[] {
  const { domain, path: repository, tag, digest } = ref;
  const hasField = fields.tag !== undefined || fields.digest !== undefined;
  const isNamed =
    (fields.tag !== undefined && tag !== undefined) ||
    (fields.digest !== undefined && digest !== undefined);
  const rest = hasField && isNamed ? {} : { tag, digest };
  const name = fields.registry === undefined ? familiarName(ref) : repository;
  const whole = formatReference({ domain, path: repository, ...rest });
  const value =
    fields.registry === undefined
      ? whole
      : name + whole.slice(familiarName(ref).length);
  const wanted: [string | undefined, string | undefined][] = [
    [fields.repository, value],
    [fields.registry, domain],
    [fields.tag, isNamed ? tag : ''],
    [fields.digest, isNamed ? digest : ''],
  ];
  return wanted.flatMap(([field, text = '']) => {
    if (field === undefined || object[field] === text) return [];
    // What is not there and empty need not come.
    if (text === '' && !object[field]) return [];
    return [{ path: [...path, field], value: text }];
  });
}
