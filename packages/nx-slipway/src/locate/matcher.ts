import { canonicalName, formatReference, referenceIn } from '../image';
import type { ImageUse } from './types';

/** Which use an image of a manifest is. */
export type Match = (text: string) => ImageUse | undefined;

/**
 * Names match as Tilt's do: normalised, whatever tag or digest the manifest
 * has (one that is pinned by digest is the image of that name, too); the first
 * of several. A name with a tag matches that very ref; if
 * several uses of one name have different tags, all of them do. What is no
 * image ref is somebody else's business: `$(IMAGE)`, an empty text
 * (internal/container/selector.go and tiltfile/build_index.go of Tilt).
 */
export function matcherOf(uses: readonly ImageUse[]): Match {
  const names = new Map<string, ImageUse[]>();
  for (const use of uses) {
    const name = canonicalName(use.name);
    names.set(name, [...(names.get(name) ?? []), use]);
  }
  return (text) => {
    const ref = referenceIn(text);
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
 * The use that a text means which is no image ref for its upper case alone:
 * whoever writes `Web` means `web`, and a cluster could pull neither.
 */
export function useInUpperCase(
  text: string,
  uses: readonly ImageUse[],
): ImageUse | undefined {
  if (referenceIn(text)) return undefined;
  const ref = referenceIn(text.toLowerCase());
  return uses.find(
    ({ name }) => ref && canonicalName(ref) === canonicalName(name),
  );
}
