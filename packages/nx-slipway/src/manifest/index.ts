export { isObject, parseLocators, podPlaces } from '../locate';
export type {
  Change,
  ImageUse,
  Injection,
  JsonObject,
  JsonPath,
  JsonValue,
  KubeObject,
  Locator,
  LocatorOption,
  ManifestObject,
  ManifestSet,
  ManifestText,
} from '../locate';
export { editManifests } from './edit';
export { injectImages, unusedImageWarnings } from './inject';
export { joinTexts } from './join';
export { jsonText } from './json-text';
export { readManifests } from './read';
export { textWithout } from './text-without';
export { valuesIn } from './values-in';
