import type { TargetDependencyConfig } from '@nx/devkit';
import { variantsOf, type DeclaredProject } from './declared';
import { kindOf } from './set-kinds';

/**
 * What is deployed before the sets of a project, by the option `after`. Unknown
 * names and circles are left out: `deploy` tells of them.
 * @param name of a deploy that nobody has called otherwise
 */
export function deployOrder(
  projects: readonly DeclaredProject[],
  name: string,
): (project: DeclaredProject) => TargetDependencyConfig[] {
  const known = new Map(projects.map((project) => [project.name, project]));
  const before = new Map(
    projects.map((project) => [project.name, namesIn(project)]),
  );
  return (project) => {
    const byTarget = new Map<string, string[]>();
    for (const other of before.get(project.name) ?? []) {
      const found = known.get(other);
      if (!found || leadsTo(other, project.name, before)) continue;
      const target = deployOf(found) ?? name;
      byTarget.set(target, [...(byTarget.get(target) ?? []), other]);
    }
    return [...byTarget].map(([target, names]) => ({
      projects: names,
      target,
    }));
  };
}

function deployOf({ targets }: DeclaredProject): string | undefined {
  return [...targets.values()].find((target) => kindOf(target) === 'deploy')
    ?.name;
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
