import { variantsOf, type DeclaredProject } from './declared';
import { kindOf } from './set-kinds';

/**
 * Whose sets are deployed before those of a project, by the option `after`.
 * Unknown names and circles are left out: `deploy` tells of them.
 */
export function deployOrder(projects: readonly DeclaredProject[]) {
  const before = new Map(
    projects.map((project) => [project.name, namesIn(project)]),
  );
  return ({ name }: DeclaredProject): string[] =>
    (before.get(name) ?? []).filter(
      (other) => before.has(other) && !leadsTo(other, name, before),
    );
}

function namesIn({ targets }: DeclaredProject): string[] {
  const names = [...targets.values()]
    .filter((target) => kindOf(target) === 'deploy')
    .flatMap(variantsOf)
    .flatMap(({ after }) => (Array.isArray(after) ? (after as unknown[]) : []));
  return [...new Set(names)].filter((name) => typeof name === 'string');
}

function leadsTo(
  from: string,
  to: string,
  before: ReadonlyMap<string, readonly string[]>,
  seen = new Set<string>(),
): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return (before.get(from) ?? []).some((next) =>
    leadsTo(next, to, before, seen),
  );
}
