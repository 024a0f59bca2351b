import type { DeclaredProject } from './declared';

/** Who depends on whom by `implicitDependencies`, and by the images built on others. */
export class WrittenEdges {
  private readonly byName: ReadonlyMap<string, DeclaredProject>;

  /** @param builtOn whose images those of a project are built on */
  constructor(
    projects: readonly DeclaredProject[],
    private readonly builtOn: (
      project: DeclaredProject,
    ) => readonly DeclaredProject[],
  ) {
    this.byName = new Map(projects.map((one) => [one.name, one]));
  }

  /**
   * Whether an edge to a project would close a circle, in which `^build` of
   * both would wait for each other.
   */
  leadBack(from: DeclaredProject, to: DeclaredProject): boolean {
    const seen = new Set<string>();
    const open = [from];
    for (let project = open.pop(); project; project = open.pop()) {
      if (project === to) return true;
      if (seen.has(project.name)) continue;
      seen.add(project.name);
      open.push(...this.builtOn(project));
      for (const name of project.implicitDependencies) {
        // A pattern may mean any.
        if (/[*:]/.test(name)) return true;
        const next = this.byName.get(name);
        if (next) open.push(next);
      }
    }
    return false;
  }
}
