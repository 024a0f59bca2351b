import type { ProjectConfiguration } from '@nx/devkit';
import { posix, relative, sep } from 'node:path';
import { familiarName } from '../image';
import { joined, literal } from './areas';
import { awaitedIn } from './awaited';
import { buildTarget } from './build-target';
import { buildsIn, type DeclaredBuild } from './builds';
import type { DeclaredProject } from './declared';
import { folderOf } from './filesets';
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
 * A deploy too many, and never one too few: where nobody can name the files that
 * an image is made of, and no edge leads there.
 */
const EVERYTHING = '{workspaceRoot}/**/*';

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
  /** Whether others may give a project targets that nobody has declared. */
  private readonly mayHaveMore: boolean;

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
    this.mayHaveMore = run.nxJson.hasOtherPlugins;
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
    const needsEdges = set?.needsEdges;
    const slipway: GraphMetadata = {
      ...(own.length > 0 && { images: namesOf(own) }),
      ...(set && { uses: namesOf(set.use.builds) }),
      ...(edges.length > 0 && { edges: [...new Set(edges)].sort() }),
      ...(needsEdges && { needsEdges }),
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
    const reached = this.reach.of(others);
    const hasEdges = isOnlyOurs(project) && !this.isAwaited(project);
    // Without an edge, inputs alone tell Nx what the image is affected by. What
    // its hash holds of its parents is their records.
    if (!hasEdges || this.mayHaveMore) target.inputs?.push(...reached.inputs);
    const edges = hasEdges ? rootsOf(others) : [];
    return { name: declared.name, target, edges };
  }

  private set(project: DeclaredProject) {
    const hasEdges = isPure(project) && !this.isAwaited(project);
    const othersIn = ({ builds }: ManifestUse) =>
      builds.filter((one) => one.project !== project);
    const inputsFor = (use: ManifestUse) => {
      const { inputs, isAll } = this.reach.of(othersIn(use));
      if (hasEdges) return this.mayHaveMore && isAll ? inputs : [];
      return isAll ? inputs : [EVERYTHING];
    };
    const set = setTargets(project, this.sets, this.run, (use) => [
      ...this.filesElsewhere(use, project),
      ...inputsFor(use),
    ]);
    if (!set) return undefined;
    const others = othersIn(set.use);
    return {
      ...set,
      edges: hasEdges ? rootsOf(others) : [],
      needsEdges: hasEdges && !this.reach.of(others).isAll,
    };
  }

  /** What of the sources is no file of the project, be it there or not yet. */
  private filesElsewhere(
    { files, places }: ManifestUse,
    project: DeclaredProject,
  ): string[] {
    const { disk, nesting } = this.run;
    const fromRoot = (file: string) =>
      relative(disk.root, file).split(sep).join(posix.sep);
    const isElsewhere = (base: string) =>
      !base.startsWith('../') && !nesting.isOf({ base }, project);
    // What stands beside a file may be named by it some day.
    const beside = files
      .map(fromRoot)
      .filter(isElsewhere)
      .map((path) => joined(literal(folderOf(posix.dirname(path))), '*'));
    const within = places
      .map(({ base, glob }) => ({ base: fromRoot(base), glob }))
      .filter(({ base }) => base !== '' && isElsewhere(base))
      .map(({ base, glob }) => joined(literal(base), glob));
    return [...new Set([...beside, ...within])].map(
      (glob) => `{workspaceRoot}/${glob}`,
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
