import type { TargetConfiguration } from '@nx/devkit';

/**
 * What the target has already: manifests may name it. Else the project's name,
 * as far as an image may be called so: `@acme/web` is `acme/web`.
 */
export function defaultRef(name: string, there?: TargetConfiguration): string {
  const { ref } = (there?.options ?? {}) as { ref?: unknown };
  if (typeof ref === 'string' && ref !== '') return ref;
  const parts = name
    .toLowerCase()
    .split('/')
    .map((part) =>
      part.replace(/[^a-z0-9._-]+/g, '-').replace(/^[._-]+|[._-]+$/g, ''),
    );
  // Two dots, or dots beside dashes, are no separator.
  return parts
    .filter(Boolean)
    .map((part) => part.replace(/[._-]*\.[._-]*|_{3,}/g, '-'))
    .join('/');
}
