import { globsOf } from './areas';
import { buildInputs, type BuildInputs } from './build-inputs';
import type { DeclaredBuild } from './builds';
import type { ImageIndex } from './image-index';
import { parentsOf } from './parents';
import type { GraphRun } from './run';

const EVERYTHING = '{workspaceRoot}/**/*';

/** What is asked of builds, each answer made once. */
export class Reach {
  private readonly known = new Map<DeclaredBuild, BuildInputs>();

  constructor(
    private readonly index: ImageIndex,
    private readonly run: GraphRun,
  ) {}

  inputsOf(build: DeclaredBuild): BuildInputs {
    const known = this.known.get(build);
    if (known) return known;
    const inputs = buildInputs(build, this.run);
    this.known.set(build, inputs);
    return inputs;
  }

  /**
   * All that decides on images, as inputs of a project that has no edge to
   * theirs: Nx asks them when it looks for what is affected. Where the files
   * cannot be named, since other tasks or projects make them, it is all files:
   * a deploy too many, and never one too few.
   */
  of(builds: readonly DeclaredBuild[]): string[] {
    const inputs = new Set<string>();
    const seen = new Set<DeclaredBuild>();
    const visit = (build: DeclaredBuild) => {
      if (seen.has(build)) return;
      seen.add(build);
      const { all, made, hasDependencies } = this.inputsOf(build);
      if (made.length > 0 || hasDependencies) inputs.add(EVERYTHING);
      for (const glob of all.flatMap(globsOf)) {
        inputs.add(`{workspaceRoot}/${glob}`);
      }
      parentsOf(build, this.index).builds.forEach(visit);
    };
    builds.forEach(visit);
    return inputs.has(EVERYTHING) ? [EVERYTHING] : [...inputs];
  }
}
