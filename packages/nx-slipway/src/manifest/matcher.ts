import {
  canonicalName,
  formatReference,
  parseReference,
  type ImageReference,
} from '../image';
import { SlipwayError } from '../report';
import type { ImageUse } from './types';

/** Which use an image of a manifest is. */
export type Match = (text: string) => ImageUse | undefined;

/**
 * Names match as Tilt's do: normalised, whatever tag or digest the manifest
 * has; the first of several. A name with a tag matches that very ref; if
 * several uses of one name have different tags, all of them do
 * (internal/container/selector.go and tiltfile/build_index.go of Tilt).
 */
export function matcherOf(uses: readonly ImageUse[]): Match {
  const names = new Map<string, ImageUse[]>();
  for (const use of uses) {
    const name = canonicalName(use.name);
    names.set(name, [...(names.get(name) ?? []), use]);
  }
  return (text) => {
    const ref = referenceOf(text);
    const candidates = ref ? (names.get(canonicalName(ref)) ?? []) : [];
    const isExact = new Set(candidates.map(({ name }) => name.tag)).size > 1;
    return candidates.find(({ name }) =>
      isExact || name.tag !== undefined
        ? ref && formatReference(ref) === formatReference(name)
        : true,
    );
  };
}

/**
 * What is no image ref is somebody else's business: `auto` of Istio is one,
 * `$(IMAGE)` and an empty text are none.
 */
export function referenceOf(text: string): ImageReference | undefined {
  try {
    return parseReference(text);
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}
