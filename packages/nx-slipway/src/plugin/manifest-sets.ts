import { join } from 'node:path';
import { textOf } from '../disk';
import { referenceIn } from '../image';
import { SlipwayError } from '../report';
import {
  candidateSources,
  parseSource,
  sourceFiles,
  type ManifestSource,
} from '../source';
import type { DeclaredBuild } from './builds';
import {
  variantsOf,
  type DeclaredProject,
  type DeclaredTarget,
  type Options,
} from './declared';
import type { ImageIndex } from './image-index';
import { valuesOf } from './image-texts';
import { placesOf, type SourcePlace } from './source-places';
import { interpolated, optionPath } from './option-path';
import type { ParseCache } from './parse-cache';
import type { GraphRun } from './run';

/** What the manifests of a target come to for the graph. */
export interface ManifestUse {
  /** The images of this workspace that stand in them, or that `images` names. */
  readonly builds: readonly DeclaredBuild[];
  /** Absolute. */
  readonly files: readonly string[];
  /** Where more of them may come. */
  readonly places: readonly SourcePlace[];
}

/**
 * In the place of what is outside of the workspace, which may be a whole disk:
 * no source is looked for in there.
 */
const NOWHERE = '.nx';

/** Reads manifests as the graph does: no tool runs, and nothing is an error. */
export class ManifestSets {
  private readonly ofFiles = new Map<string, readonly DeclaredBuild[]>();
  private readonly found = new Map<DeclaredProject, ManifestSource[]>();
  private readonly loose = new Set<ManifestSource>();
  private readonly uses = new Map<string, ManifestUse>();

  constructor(
    private readonly index: ImageIndex,
    private readonly cache: ParseCache,
    private readonly run: GraphRun,
  ) {}

  /** What a project deploys that says of no source. */
  candidates(project: DeclaredProject): ManifestSource[] {
    const known = this.found.get(project);
    if (known) return known;
    const { root, name } = project;
    const folder = join(this.run.disk.root, root);
    const globs = this.run
      .manifestsOf(project)
      .map((glob) => join(folder, glob));
    const { folders } = this.run.disk;
    const list = (path: string) => folders.entries(path).values();
    const found = candidateSources({
      projectRoot: folder,
      globs,
      project: name,
      inner: this.run.nesting.innerOf(root),
      readValues,
      list,
    });
    this.found.set(project, found);
    for (const source of found) this.loose.add(source);
    return found;
  }

  /** The union over the configurations of a target. */
  use(project: DeclaredProject, target: DeclaredTarget): ManifestUse {
    const variants = variantsOf(target).map(({ source, images }) => ({
      source,
      images,
    }));
    const isPlain = variants.every(
      ({ source, images }) => source === undefined && images === undefined,
    );
    // Most targets of a project deploy the same, and most say nothing of it.
    const key = `${project.root} ${isPlain ? '' : JSON.stringify(variants)}`;
    const known = this.uses.get(key);
    if (known) return known;
    const sources = variants.flatMap(({ source }) =>
      source === undefined
        ? this.candidates(project)
        : this.declared(source, project),
    );
    const named = variants.flatMap((options) => this.named(options, project));
    const use = this.useOf(sources, named);
    this.uses.set(key, use);
    return use;
  }

  private useOf(
    sources: readonly ManifestSource[],
    named: readonly DeclaredBuild[],
  ): ManifestUse {
    const builds = new Set(named);
    const files = new Set<string>();
    for (const source of sources) {
      const isExact = source.kind === 'yaml';
      for (const file of this.filesOf(source)) {
        files.add(file);
        for (const build of this.buildsIn(file, isExact)) builds.add(build);
      }
    }
    const written = sources.filter((source) => !this.loose.has(source));
    return {
      builds: [...builds],
      files: [...files],
      places: written.flatMap(placesOf),
    };
  }

  private filesOf(source: ManifestSource): readonly string[] {
    // Found a moment ago, file by file.
    const isFound = source.kind === 'yaml' && this.loose.has(source);
    return isFound
      ? source.globs
      : sourceFiles(source, readValues, this.run.disk.root);
  }

  /** What is wrong with it, the target's own run tells. */
  private declared(
    source: unknown,
    project: DeclaredProject,
  ): ManifestSource[] {
    const { root } = this.run.disk;
    const resolve = (path: string) =>
      join(root, optionPath(path, project) ?? NOWHERE);
    try {
      return [parseSource(source, { release: project.name, resolve })];
    } catch (error) {
      if (error instanceof SlipwayError) return [];
      throw error;
    }
  }

  private named({ images }: Options, project: DeclaredProject) {
    if (!Array.isArray(images)) return [];
    return (images as unknown[]).flatMap((text) => {
      const ref =
        typeof text === 'string' && referenceIn(interpolated(text, project));
      return (ref && this.index.named(ref)) || [];
    });
  }

  private buildsIn(file: string, isExact: boolean): readonly DeclaredBuild[] {
    const key = `${isExact} ${file}`;
    const known = this.ofFiles.get(key);
    if (known) return known;
    const text = readIfThere(file);
    const texts = isExact
      ? this.cache.imageTexts(text, this.index.looksAtEnv)
      : undefined;
    const found = texts
      ? this.index.standing(texts)
      : this.index.mentioned(text);
    this.ofFiles.set(key, found);
    return found;
  }
}

function readIfThere(file: string): string {
  try {
    return textOf(file);
  } catch {
    // Gone, not for us or no manifest: whoever deploys it says so.
    return '';
  }
}

/** For kustomizations, which name other files. */
function readValues(_origin: string, text: string) {
  return valuesOf(text) ?? [];
}
