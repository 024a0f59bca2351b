import type { PlacePath } from './json-path';
import type { KubeObject } from './types';

/** The fields that an image is parted into; each the name of a field. */
export interface ObjectFields {
  repository: string;
  tag?: string;
  registry?: string;
  digest?: string;
}

/** What stands in a text: a path in it, or a locator further on. */
export interface ThenOption {
  path: string;
  object?: ObjectFields;
  format?: 'yaml' | 'json';
  then?: string | ThenOption;
}

/** A locator as users write it (design 2.11). */
export interface LocatorOption extends ThenOption {
  /** Exact, or with `*` for the version: `acme.dev/*`. */
  apiVersion?: string;
  kind?: string;
  name?: string;
  namespace?: string;
}

/** Where, in a value, an image stands. */
export interface Place {
  readonly path: PlacePath;
  /** It is parted into fields. */
  readonly object?: ObjectFields;
  /** There stands a text of that format, and the image within. */
  readonly nested?: { readonly format: 'yaml' | 'json'; readonly place: Place };
}

/** A rule that says where in some objects an image stands. */
export interface Locator {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly place: Place;
}

/** Whether a locator is for an object. Selectors are exact. */
export function isFor(locator: Locator, object: KubeObject): boolean {
  const { apiVersion, kind, metadata } = object;
  const version = locator.apiVersion;
  const isVersion =
    version === undefined ||
    version === apiVersion ||
    (version.endsWith('/*') && apiVersion.startsWith(version.slice(0, -1)));
  return (
    isVersion &&
    (locator.kind ?? kind) === kind &&
    (locator.name ?? metadata.name) === metadata.name &&
    (locator.namespace ?? metadata.namespace) === metadata.namespace
  );
}
