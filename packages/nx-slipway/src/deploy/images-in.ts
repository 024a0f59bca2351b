const LISTS = ['containers', 'initContainers', 'ephemeralContainers'];

/** The images of all containers in an object, wherever its pods are. */
export function imagesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    LISTS.includes(name) && Array.isArray(inner)
      ? inner.flatMap(({ image }: { image?: unknown }) =>
          typeof image === 'string' ? image : [],
        )
      : imagesIn(inner),
  );
}
