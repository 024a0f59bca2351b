import type { ImageReference } from '../image';
import {
  injectImages as injectValues,
  unusedImageWarnings as warnings,
  type ImageUse,
  type Injection,
  type Locator,
  type ManifestObject,
} from '../locate';
import { NESTED_TEXTS } from './nested';

/** As `injectImages` of locate/, in the YAML texts within objects, too. */
export function injectImages(
  objects: readonly ManifestObject[],
  uses: readonly ImageUse[],
  locators: readonly Locator[],
): Injection {
  return injectValues(objects, uses, locators, NESTED_TEXTS);
}

/** As `unusedImageWarnings` of locate/, in the YAML texts within objects, too. */
export function unusedImageWarnings(
  unused: readonly ImageReference[],
  objects: readonly ManifestObject[],
  locators: readonly Locator[],
): string[] {
  return warnings(unused, objects, locators, NESTED_TEXTS);
}
