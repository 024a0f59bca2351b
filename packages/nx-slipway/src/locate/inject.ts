import { familiarName, referenceIn } from '../image';
import { SlipwayError } from '../report';
import { applyChanges } from './apply-changes';
import { changesByShape } from './by-shape';
import { formatPath } from './json-path';
import { changesAt } from './located';
import { isFor, type Locator } from './locators';
import { matcherOf, useInUpperCase } from './matcher';
import type { NestedTexts } from './nested-texts';
import { isUntouched } from './places';
import { onceEach, type Takers } from './take';
import type {
  Change,
  ImageUse,
  JsonObject,
  JsonPath,
  KubeObject,
  ManifestObject,
} from './types';

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
  /** Within a text that stands in the object, it goes on in that text. */
  readonly path: JsonPath;
  readonly text: string;
  /** A value of an environment variable, an image only if somebody says so. */
  readonly isEnv: boolean;
}

/**
 * Puts the refs of images into objects, wherever an image can stand (design
 * 2.5), and changes nothing else. What was injected before stands under its
 * name in the registry and matches nothing, or is its own ref already: a second
 * time changes nothing.
 * @param uses all that there are: two of one name decide on each other's match
 * @throws SLIPWAY_E_MANIFEST for a locator that leads to what is no text, and
 * for an image that is one of `uses` but for upper case letters
 */
export function injectImages(
  objects: readonly ManifestObject[],
  uses: readonly ImageUse[],
  locators: readonly Locator[],
  texts: NestedTexts,
): Injection {
  const match = matcherOf(uses);
  const inEnv = matcherOf(uses.filter(({ matchInEnvVars }) => matchInEnvVars));
  const places = new Map(uses.map((use) => [use, 0]));
  const others = new Set<string>();
  const counted = (use?: ImageUse) => {
    if (use) places.set(use, (places.get(use) ?? 0) + 1);
    return use;
  };
  const takersFor = (of: ManifestObject): Takers => ({
    image: (text, path) => {
      const use = match(text);
      if (!use) assertLowerCase(text, path, of, uses);
      if (!use && referenceIn(text)) others.add(text);
      return counted(use);
    },
    env: (text) => counted(inEnv(text)),
  });
  const changes = objects.map((each) =>
    changesOf(each, locators, takersFor(each), texts),
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
  texts: NestedTexts,
): FoundImage[] {
  const found: FoundImage[] = [];
  const finder = (isEnv: boolean) => (text: string, path: JsonPath) => {
    found.push({ path, text, isEnv });
    return undefined;
  };
  const takers = { image: finder(false), env: finder(true) };
  changesOf(of, locators, takers, texts);
  return found;
}

function changesOf(
  of: ManifestObject,
  locators: readonly Locator[],
  takers: Takers,
  texts: NestedTexts,
): Change[] {
  const { object } = of;
  if (isUntouched(object as JsonObject)) return [];
  const once = onceEach(takers);
  return locators
    .filter((locator) => isFor(locator, object))
    .reduce(
      (changes, { place }) => {
        // One after the other: two may change one text.
        const value = applyChanges(object as JsonObject, changes);
        const site = { of, take: once.image, texts, outer: [] };
        return replaced(changes, changesAt(place, value, site));
      },
      changesByShape(object, once),
    );
}

/** Changes with others after them; of two at one place, the later is left. */
function replaced(
  changes: readonly Change[],
  later: readonly Change[],
): Change[] {
  const places = new Set(later.map(({ path }) => JSON.stringify(path)));
  const kept = changes.filter(({ path }) => !places.has(JSON.stringify(path)));
  return [...kept, ...later];
}

function assertLowerCase(
  text: string,
  path: JsonPath,
  { origin, line, column, object: { kind, metadata } }: ManifestObject,
  uses: readonly ImageUse[],
): void {
  const use = useInUpperCase(text, uses);
  if (!use) return;
  const name = familiarName(use.name);
  throw new SlipwayError({
    code: 'SLIPWAY_E_MANIFEST',
    message: `${origin}:${line}:${column}: ${formatPath(path)} of ${kind}/${metadata.name} is ${JSON.stringify(text)}, which is no name of an image: those are in lower case.`,
    hint: `The image that is built here is ${name}.`,
  });
}
