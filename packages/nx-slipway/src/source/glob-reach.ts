import picomatch from 'picomatch';

/** A brace or bracket that holds a `/` is no matter of one name. */
const SPANS_NAMES = /[{([][^})\]]*\//;

/**
 * Tells of a folder whether files below it may match: of `k8s/*.yaml` only
 * `k8s` is looked into, and not the rest of a project, which may be large, or
 * not ours to read.
 * @param globs relative, with `/`, without `.` and `..`
 * @returns a question for the names that lead to a folder
 */
export function reachOf(
  globs: readonly string[],
): (names: readonly string[]) => boolean {
  const questions = globs.map(reachOfOne);
  return (names) => questions.some((mayHold) => mayHold(names));
}

function reachOfOne(glob: string): (names: readonly string[]) => boolean {
  if (SPANS_NAMES.test(glob)) return () => true;
  const parts = glob.split('/');
  const deep = parts.findIndex((part) => part.includes('**'));
  const known = (deep === -1 ? parts.slice(0, -1) : parts.slice(0, deep)).map(
    (part) => picomatch(part),
  );
  return (names) =>
    (deep !== -1 || names.length <= known.length) &&
    names.slice(0, known.length).every((name, index) => known[index]?.(name));
}
