import { globsOf, joined, literal } from './areas';
import { buildInputs, type BuildInputs } from './build-inputs';
import type { DeclaredBuild } from './builds';
import { folderOf } from './filesets';
import type { ImageIndex } from './image-index';
import { parentsOf } from './parents';
import type { GraphRun } from './run';

/** What a project must be affected by. */
export interface Reached {
  readonly inputs: readonly string[];
  /** Whether nothing else can change the images. */
  readonly isAll: boolean;
}

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
   * All that decides on images, as inputs of a project that may have no edge to
   * theirs: Nx asks them when it looks for what is affected. Where the files
   * cannot be named, since other tasks or projects make them, the folders of
   * the images' own projects are among them, and `isAll` is false.
   */
  of(builds: readonly DeclaredBuild[]): Reached {
    const inputs = new Set<string>();
    let isAll = true;
    const seen = new Set<DeclaredBuild>();
    const visit = (build: DeclaredBuild) => {
      if (seen.has(build)) return;
      seen.add(build);
      const { all, made, hasDependencies } = this.inputsOf(build);
      const folder = folderOf(build.project.root);
      if (made.length > 0 || hasDependencies) {
        isAll = false;
        inputs.add(`{workspaceRoot}/${joined(literal(folder), '**/*')}`);
      }
      for (const glob of all.flatMap(globsOf)) {
        inputs.add(`{workspaceRoot}/${glob}`);
      }
      parentsOf(build, this.index).builds.forEach(visit);
    };
    builds.forEach(visit);
    return { inputs: [...inputs], isAll };
  }
}
