import { formatReference } from '../image';
import { podPlaces, type ContainerPlace, type VolumePlace } from './places';
import type { Takers } from './take';
import type {
  Change,
  ImageUse,
  JsonObject,
  JsonPath,
  JsonValue,
  KubeObject,
} from './types';
import { isObject } from './is-object';

export const IF_NOT_PRESENT = 'IfNotPresent';

/** What the containers and image volumes of an object come to. */
export function changesByShape(object: KubeObject, takers: Takers): Change[] {
  const { containers, volumes } = podPlaces(object);
  return [
    ...containers.flatMap((place) => containerChanges(place, takers)),
    ...volumes.flatMap((place) => volumeChanges(place, takers)),
  ];
}

function containerChanges(
  { path, container }: ContainerPlace,
  { image, env }: Takers,
): Change[] {
  const use = image(container.image, [...path, 'image']);
  const ofEnv = envTexts(container).flatMap(([inner, text]) => {
    const at = [...path, ...inner];
    const matched = env(text, at);
    return matched ? changed(at, text, formatReference(matched.deployRef)) : [];
  });
  return use ? [...ofContainer(path, container, use), ...ofEnv] : ofEnv;
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
  { image }: Takers,
): Change[] {
  const at = [...path, 'reference'];
  const use = image(reference, at);
  if (!use) return [];
  return [
    ...changed(at, reference, formatReference(use.deployRef)),
    ...changed([...path, 'pullPolicy'], source.pullPolicy, IF_NOT_PRESENT),
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
