import type { ProjectConfiguration } from '@nx/devkit';
import { posix, relative, sep } from 'node:path';
import { familiarName } from '../image';
import { literal } from './areas';
import { awaitedIn } from './awaited';
import { buildTarget } from './build-target';
import { buildsIn, type DeclaredBuild } from './builds';
import type { DeclaredProject } from './declared';
import { ImageIndex } from './image-index';
import { ManifestSets, type ManifestUse } from './manifest-sets';
import type { GraphMetadata } from './metadata';
import { parentsOf } from './parents';
import type { ParseCache } from './parse-cache';
import { Reach } from './reach';
import type { GraphRun } from './run';
import { isOnlyOurs, isPure } from './set-kinds';
import { setTargets } from './set-targets';

/**
 * The graph of design 2.9: which targets build which image, and which manifests
 * use them. It reads manifests and looks at deps; it runs nothing.
 */
export class Graph {
  private readonly ofProject = new Map<DeclaredProject, DeclaredBuild[]>();
  private readonly index: ImageIndex;
  private readonly sets: ManifestSets;
  private readonly reach: Reach;
  private readonly isAwaited: (project: DeclaredProject) => boolean;

  constructor(
    projects: readonly DeclaredProject[],
    cache: ParseCache,
    private readonly run: GraphRun,
  ) {
    const builds = buildsIn(projects);
    for (const build of builds) {
      const known = this.ofProject.get(build.project);
      if (known) known.push(build);
      else this.ofProject.set(build.project, [build]);
    }
    this.index = new ImageIndex(builds);
    this.sets = new ManifestSets(this.index, cache, run);
    this.reach = new Reach(this.index, run);
    this.isAwaited = awaitedIn(projects);
  }

  /** @returns undefined for a project that has nothing to do with images */
  inferred(
    project: DeclaredProject,
  ): Pick<ProjectConfiguration, 'targets' | 'metadata'> | undefined {
    const own = this.ofProject.get(project) ?? [];
    const builds = own.map((build) => this.build(build));
    const set = this.set(project);
    const targets = {
      ...Object.fromEntries(
        builds.map(({ name, target }) => [name, target] as const),
      ),
      ...set?.targets,
    };
    if (Object.keys(targets).length === 0) return undefined;
    const edges = [...builds, ...(set ? [set] : [])].flatMap(
      (one) => one.edges,
    );
    const slipway: GraphMetadata = {
      ...(own.length > 0 && { images: namesOf(own) }),
      ...(set && { uses: namesOf(set.use.builds) }),
      ...(edges.length > 0 && { edges: [...new Set(edges)].sort() }),
    };
    const metadata = { slipway } as ProjectConfiguration['metadata'];
    return { targets, metadata };
  }

  private build(build: DeclaredBuild) {
    const { project, target: declared } = build;
    const parents = parentsOf(build, this.index);
    const target = buildTarget(
      build,
      parents,
      this.reach.inputsOf(build),
      this.run,
    );
    const others = parents.builds.filter((one) => one.project !== project);
    const hasEdges = isOnlyOurs(project) && !this.isAwaited(project);
    // Without an edge, inputs alone tell Nx what the image is affected by.
    if (!hasEdges) target.inputs?.push(...this.reach.of(others));
    const edges = hasEdges ? rootsOf(others) : [];
    return { name: declared.name, target, edges };
  }

  private set(project: DeclaredProject) {
    const hasEdges = isPure(project) && !this.isAwaited(project);
    const othersIn = ({ builds }: ManifestUse) =>
      builds.filter((one) => one.project !== project);
    const set = setTargets(project, this.sets, this.run, (use) => [
      ...this.filesElsewhere(use, project),
      ...(hasEdges ? [] : this.reach.of(othersIn(use))),
    ]);
    return set && { ...set, edges: hasEdges ? rootsOf(othersIn(set.use)) : [] };
  }

  /** Manifests that are no files of the project: what stands beside them, too. */
  private filesElsewhere(
    { files }: ManifestUse,
    project: DeclaredProject,
  ): string[] {
    const { disk, nesting } = this.run;
    const paths = files.map((file) =>
      relative(disk.root, file).split(sep).join(posix.sep),
    );
    const folders = paths
      .filter((base) => !base.startsWith('../'))
      .filter((base) => !nesting.isOf({ base }, project))
      .map((path) => posix.dirname(path));
    return [...new Set(folders)].map((folder) =>
      folder === '.'
        ? '{workspaceRoot}/*'
        : `{workspaceRoot}/${literal(folder)}/*`,
    );
  }
}

function rootsOf(builds: readonly DeclaredBuild[]): string[] {
  return builds.map(({ project }) => project.root);
}

function namesOf(builds: readonly DeclaredBuild[]): string[] {
  const names = builds.flatMap(({ images }) => images.map(familiarName));
  return [...new Set(names)].sort();
}
