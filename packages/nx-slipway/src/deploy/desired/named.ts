import type { Target } from './target';

/**
 * Whether one of the entries, `kind/name`, means the object; the kind may be
 * written as kubectl takes it: `job`, `Jobs`, `jobs.batch`.
 */
export function isNamed(
  { kind, groupKind, resource, group, name }: Target,
  entries: readonly string[],
): boolean {
  const { plural } = resource;
  const names = [kind, groupKind, plural, `${plural}.${group}`];
  return entries.some((entry) => {
    const [first = '', second] = entry.split('/');
    return (
      second === name &&
      names.some((each) => each.toLowerCase() === first.toLowerCase())
    );
  });
}
