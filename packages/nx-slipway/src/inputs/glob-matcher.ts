import picomatch from 'picomatch';

/**
 * Whether one of the globs matches a path, dotfiles too, as Nx has it. What
 * picomatch refuses, an empty glob or one of over 65,536 characters, matches
 * nothing.
 */
export function globMatcher(
  globs: readonly string[],
): (path: string) => boolean {
  const matchers = globs.flatMap((glob) => {
    try {
      return picomatch(glob, { dot: true });
    } catch {
      return [];
    }
  });
  return (path) => matchers.some((matches) => matches(path));
}
