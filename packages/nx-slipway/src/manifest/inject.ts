import { formatReference } from '../image';
import { applyChanges } from './apply-changes';
import { IF_NOT_PRESENT, changesAt, type See } from './located';
import { isFor, type Locator } from './locators';
import { matcherOf, referenceOf, type Match } from './matcher';
import {
  isUntouched,
  podPlaces,
  type ContainerPlace,
  type VolumePlace,
} from './places';
import type {
  Change,
  ImageUse,
  JsonObject,
  JsonPath,
  JsonValue,
  KubeObject,
  ManifestObject,
} from './types';
import { isObject } from './value-of';

/** What becomes of the objects of a set, with the refs of images in them. */
export interface Injection {
  /** In their order; one without a match is the same value as before. */
  readonly objects: readonly KubeObject[];
  /** Of each object: what makes the first of the second. */
  readonly changes: readonly (readonly Change[])[];
  /** At how many places each use stands. */
  readonly used: readonly { readonly use: ImageUse; readonly places: number }[];
  /** Images that stand in the objects and are nobody's here, each once. */
  readonly others: readonly string[];
}

/** An image in an object. */
export interface FoundImage {
  readonly path: JsonPath;
  readonly text: string;
  /** A value of an environment variable, an image only if somebody says so. */
  readonly isEnv: boolean;
}

/**
 * Puts the refs of images into objects, wherever an image can stand (design
 * 2.5), and changes nothing else. What was injected before is no image's name
 * any more and stays, so that a second time changes nothing.
 * @throws SLIPWAY_E_MANIFEST for a locator that leads to what is no text
 */
export function injectImages(
  objects: readonly ManifestObject[],
  uses: readonly ImageUse[],
  locators: readonly Locator[],
): Injection {
  const match = matcherOf(uses);
  const inEnv = matcherOf(uses.filter(({ matchInEnvVars }) => matchInEnvVars));
  const places = new Map(uses.map((use) => [use, 0]));
  const others = new Set<string>();
  const see: See = (text, _path, use) => {
    if (use) places.set(use, (places.get(use) ?? 0) + 1);
    else if (referenceOf(text)) others.add(text);
  };
  const changes = objects.map((each) =>
    changesOf(each, locators, match, inEnv, see),
  );
  return {
    objects: objects.map(({ object }, index) =>
      applyChanges(object, changes[index] ?? []),
    ),
    changes,
    used: uses.map((use) => ({ use, places: places.get(use) ?? 0 })),
    others: [...others],
  };
}

/** Every image that stands in an object, whoever builds it. */
export function findImages(
  of: ManifestObject,
  locators: readonly Locator[],
): FoundImage[] {
  const found: FoundImage[] = [];
  const never: Match = () => undefined;
  changesOf(of, locators, never, never, (text, path) =>
    found.push({ path, text, isEnv: false }),
  );
  for (const { path, container } of podPlaces(of.object).containers) {
    for (const [at, text] of envTexts(container)) {
      found.push({ path: [...path, ...at], text, isEnv: true });
    }
  }
  return found;
}

function changesOf(
  of: ManifestObject,
  locators: readonly Locator[],
  match: Match,
  inEnv: Match,
  see: See,
): Change[] {
  const { object } = of;
  if (isUntouched(object)) return [];
  const { containers, volumes } = podPlaces(object);
  const byShape = [
    ...containers.flatMap((place) =>
      containerChanges(place, match, inEnv, see),
    ),
    ...volumes.flatMap((place) => volumeChanges(place, match, see)),
  ];
  const seen = new Set(byShape.map(({ path }) => JSON.stringify(path)));
  const located = locators
    .filter((locator) => isFor(locator, object))
    .flatMap(({ place }) =>
      changesAt(place, object as JsonObject, of, match, see),
    )
    // A container that a locator names too is changed once.
    .filter(({ path }) => !seen.has(JSON.stringify(path)));
  return [...byShape, ...located];
}

function containerChanges(
  { path, container }: ContainerPlace,
  match: Match,
  inEnv: Match,
  see: See,
): Change[] {
  const { image } = container;
  const use = match(image);
  see(image, [...path, 'image'], use);
  const ofImage = use ? ofContainer(path, container, use) : [];
  const ofEnv = envTexts(container).flatMap(([at, text]) => {
    const matched = inEnv(text);
    if (!matched) return [];
    see(text, [...path, ...at], matched);
    return changed([...path, ...at], text, formatReference(matched.deployRef));
  });
  return [...ofImage, ...ofEnv];
}

function ofContainer(
  path: JsonPath,
  container: JsonObject,
  { deployRef, entrypoint, containerArgs }: ImageUse,
): Change[] {
  const wanted: [string, JsonValue | undefined][] = [
    ['image', formatReference(deployRef)],
    ['imagePullPolicy', IF_NOT_PRESENT],
    ['command', entrypoint],
    ['args', containerArgs],
  ];
  return wanted.flatMap(([key, value]) =>
    value === undefined ? [] : changed([...path, key], container[key], value),
  );
}

function volumeChanges(
  { path, reference, source }: VolumePlace,
  match: Match,
  see: See,
): Change[] {
  const use = match(reference);
  see(reference, [...path, 'reference'], use);
  if (!use) return [];
  const { pullPolicy } = source;
  return [
    ...changed(
      [...path, 'reference'],
      reference,
      formatReference(use.deployRef),
    ),
    ...changed([...path, 'pullPolicy'], pullPolicy, IF_NOT_PRESENT),
  ];
}

function changed(
  path: JsonPath,
  before: JsonValue | undefined,
  value: JsonValue,
): Change[] {
  const isSame = JSON.stringify(before) === JSON.stringify(value);
  return isSame ? [] : [{ path, value }];
}

/** The values of environment variables, with their paths in the container. */
function envTexts({ env }: JsonObject): [JsonPath, string][] {
  if (!Array.isArray(env)) return [];
  return (env as JsonValue[]).flatMap((variable, index) => {
    const value = isObject(variable) ? variable.value : undefined;
    const entry: [JsonPath, string][] =
      typeof value === 'string' ? [[['env', index, 'value'], value]] : [];
    return entry;
  });
}
