import type { JsonObject, JsonPath, JsonValue, KubeObject } from './types';
import { isObject } from './is-object';

/** A container of a pod, by its place in an object. */
export interface ContainerPlace {
  readonly path: JsonPath;
  readonly container: Container;
}

export type Container = JsonObject & { readonly image: string };

/** An image that is mounted: `volumes[].image`. */
export interface VolumePlace {
  readonly path: JsonPath;
  readonly reference: string;
  readonly source: JsonObject;
}

export interface Places {
  readonly containers: readonly ContainerPlace[];
  readonly volumes: readonly VolumePlace[];
}

const CONTAINER_LISTS = ['containers', 'initContainers', 'ephemeralContainers'];
/** Data and words of people; what looks like a pod there is none. */
const NO_PLACES = new Set(['status', 'annotations', 'labels']);

/** Their texts may say anything, and are meant by locators alone. */
const DATA_KINDS = new Set(['ConfigMap', 'Secret']);

/**
 * Every container and image volume of an object: of the workloads that
 * Kubernetes has, and of whatever has the shape of a pod, at any depth: a map
 * with a list `containers` whose elements have a name and an image (Knative,
 * Argo, operators).
 */
export function podPlaces(object: KubeObject): Places {
  const containers: ContainerPlace[] = [];
  const volumes: VolumePlace[] = [];
  if (isUntouched(object as JsonObject) || DATA_KINDS.has(object.kind)) {
    return { containers, volumes };
  }
  walk(object as JsonObject, [], (pod, path) => {
    for (const list of CONTAINER_LISTS) {
      for (const [index, container] of listOf(pod[list]).entries()) {
        if (!isContainer(container)) continue;
        containers.push({ path: [...path, list, index], container });
      }
    }
    for (const [index, volume] of listOf(pod.volumes).entries()) {
      const source = isObject(volume) ? volume.image : undefined;
      const reference = isObject(source) ? source.reference : undefined;
      if (!isObject(source) || typeof reference !== 'string') continue;
      const at = [...path, 'volumes', index, 'image'];
      volumes.push({ path: at, reference, source });
    }
  });
  return { containers, volumes };
}

/** A CustomResourceDefinition, which another object may hold, too. */
export function isUntouched({ kind, apiVersion }: JsonObject): boolean {
  return (
    kind === 'CustomResourceDefinition' &&
    typeof apiVersion === 'string' &&
    apiVersion.startsWith('apiextensions.k8s.io/')
  );
}

function walk(
  value: JsonValue,
  path: JsonPath,
  see: (pod: JsonObject, path: JsonPath) => void,
): void {
  if (Array.isArray(value)) {
    (value as JsonValue[]).forEach((item, index) =>
      walk(item, [...path, index], see),
    );
    return;
  }
  if (!isObject(value) || isUntouched(value)) return;
  if (isPod(value)) see(value, path);
  for (const [key, inner] of Object.entries(value)) {
    const isTop = path.length === 0;
    if (key === 'metadata' || (isTop && NO_PLACES.has(key))) continue;
    if (typeof inner === 'object') walk(inner, [...path, key], see);
  }
}

/** In a template an image may be missing, which something fills in later. */
function isPod({ containers, initContainers }: JsonObject): boolean {
  return [...listOf(containers), ...listOf(initContainers)].some(
    (one) =>
      isContainer(one) || (isObject(one) && typeof one.name === 'string'),
  );
}

/** Knative's need no name. */
function isContainer(value: JsonValue | undefined): value is Container {
  return (
    isObject(value) &&
    typeof value.image === 'string' &&
    (typeof value.name === 'string' || value.name === undefined)
  );
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as JsonValue[]) : [];
}
