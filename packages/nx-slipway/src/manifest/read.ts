import {
  isObject,
  type JsonPath,
  type JsonValue,
  type KubeObject,
  type ManifestObject,
  type ManifestSet,
  type ManifestText,
} from '../locate';
import { SlipwayError } from '../report';
import { manifestError } from './manifest-error';
import { nodeAt } from './node-at';
import { positionIn } from './position';
import { readDocuments } from './read-documents';

/**
 * Reads manifests as kubectl does (design 2.5): the objects of all documents,
 * of Lists their items.
 * @throws SLIPWAY_E_MANIFEST with origin, line and column
 */
export function readManifests(texts: readonly ManifestText[]): ManifestSet {
  const objects = texts.flatMap((text, index) => objectsOf(text, index));
  assertOnce(objects);
  return { texts, objects };
}

function objectsOf(text: ManifestText, index: number): ManifestObject[] {
  const position = positionIn(text.text);
  return readDocuments(text).flatMap(({ number, span, document, value }) =>
    flat(value).map(({ object, path }) => {
      const node = nodeAt(document, path);
      const offset = span.start + (node?.range?.[0] ?? 0);
      return {
        object: checked(text, offset, object),
        origin: text.origin,
        ...position(offset),
        text: index,
        document: number,
        path,
      };
    }),
  );
}

interface Flat {
  readonly object: JsonValue;
  readonly path: JsonPath;
}

/** The items of a List; of a typed one, `ConfigMapList`, with its kind. */
function flat(value: JsonValue, path: JsonPath = []): Flat[] {
  if (!isObject(value) || typeof value.kind !== 'string') {
    return [{ object: value, path }];
  }
  const { kind, apiVersion, items } = value;
  if (!kind.endsWith('List') || !(Array.isArray(items) || kind === 'List')) {
    return [{ object: value, path }];
  }
  const inner = kind.slice(0, -'List'.length);
  return ((items ?? []) as JsonValue[]).flatMap((item, index) => {
    const typed =
      inner !== '' && isObject(item)
        ? { apiVersion: apiVersion ?? null, kind: inner, ...item }
        : item;
    return flat(typed, [...path, 'items', index]);
  });
}

function checked(
  text: ManifestText,
  offset: number,
  value: JsonValue,
): KubeObject {
  const fail = (what: string, hint?: string) =>
    manifestError(text, offset, what, hint);
  if (!isObject(value)) throw fail('here stands no object of Kubernetes');
  for (const key of ['apiVersion', 'kind']) {
    if (typeof value[key] !== 'string' || value[key] === '') {
      throw fail(`an object has no ${key}`);
    }
  }
  const { metadata } = value;
  const kind = value.kind as string;
  if (!isObject(metadata)) throw fail(`the ${kind} has no metadata`);
  if (metadata.generateName !== undefined && metadata.name === undefined) {
    throw fail(
      `the ${kind} has generateName, and would be another object at each deploy`,
      'Give it a name.',
    );
  }
  const { namespace, ...unplaced } = metadata;
  // An empty one is none to kubectl.
  const isPlaced = !(
    namespace === undefined ||
    namespace === null ||
    namespace === ''
  );
  for (const key of isPlaced ? ['name', 'namespace'] : ['name']) {
    const named = metadata[key];
    if (typeof named === 'string' && named !== '') continue;
    throw fail(
      `metadata.${key} of the ${kind} is ${named === undefined ? 'missing' : JSON.stringify(named)}, not a text`,
      'A name like 1e3, on or y is a number or a boolean to kubectl: quote it.',
    );
  }
  return (isPlaced ? value : { ...value, metadata: unplaced }) as KubeObject;
}

/** @throws SLIPWAY_E_MANIFEST for one object that stands twice */
function assertOnce(objects: readonly ManifestObject[]): void {
  const seen = new Map<string, ManifestObject>();
  for (const each of objects) {
    const { apiVersion, kind, metadata } = each.object;
    const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
    const key = JSON.stringify([
      group,
      kind,
      metadata.namespace,
      metadata.name,
    ]);
    const first = seen.get(key);
    if (first) {
      throw new SlipwayError({
        code: 'SLIPWAY_E_MANIFEST',
        message: `${each.origin}:${each.line}:${each.column}: ${kind}/${metadata.name} stands at ${first.origin}:${first.line}:${first.column} already.`,
        hint: 'Keep one of the two.',
      });
    }
    seen.set(key, each);
  }
}
