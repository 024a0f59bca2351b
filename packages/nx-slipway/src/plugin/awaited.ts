import type { DeclaredProject } from './declared';

/**
 * Whether somebody depends on a project by `implicitDependencies`. All that it
 * depends on itself is then in the hashes of those by `^`, and an edge of ours
 * would be, too; or close a circle in which `^build` waits for itself.
 */
export function awaitedIn(
  projects: readonly DeclaredProject[],
): (project: DeclaredProject) => boolean {
  const names = new Set(
    projects.flatMap(({ implicitDependencies }) => implicitDependencies),
  );
  // A pattern may mean any.
  const isAny = [...names].some((name) => /^[^!].*[*:]|^\*/.test(name));
  return ({ name }) => isAny || names.has(name);
}
