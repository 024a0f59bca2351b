import picomatch from 'picomatch';
import { asksForManifests } from '../inputs';
import {
  isPlain,
  isWithin,
  joined,
  literal,
  mayMeet,
  type Area,
} from './areas';
import type { DeclaredBuild } from './builds';
import type { DeclaredProject, Options } from './declared';
import { folderOf } from './filesets';
import { negationsFor } from './negations';
import { optionPath } from './option-path';
import { ownInput } from './own-input';
import { resolveDep } from './resolve-dep';
import type { GraphRun } from './run';

/** What Nx must hash of a build, and what it cannot. */
export interface BuildInputs {
  readonly areas: readonly Area[];
  /** Globs below the root that are taken out again. */
  readonly negations: readonly string[];
  /** Named inputs, as Nx reads them, and entries that name no files. */
  readonly entries: readonly unknown[];
  /** Paths below the root that git ignores: outputs of other tasks. */
  readonly made: readonly string[];
  /** Whether files of projects that this one depends on are among them. */
  readonly hasDependencies: boolean;
  /** Why Nx cannot tell whether an image is that of the files. */
  readonly uncached: readonly string[];
}

interface Found {
  areas: Area[];
  /** Filesets of named inputs, which are handed on by name. */
  named: Area[];
  names: Set<string>;
  except: Set<string>;
  entries: unknown[];
  made: Set<string>;
  hasDependencies: boolean;
  uncached: Set<string>;
}

/** The union over the configurations of a build (design 2.1, 2.9). */
export function buildInputs(build: DeclaredBuild, run: GraphRun): BuildInputs {
  const found: Found = {
    areas: [],
    named: [],
    names: new Set(),
    except: new Set(),
    entries: [],
    made: new Set(),
    hasDependencies: false,
    uncached: new Set(),
  };
  for (const options of build.variants) collect(options, build, run, found);
  // What one input leaves out, Nx takes from all the others, too.
  const mayName = [...found.except].every(
    (glob) => !found.areas.some((area) => mayMeet(area, glob)),
  );
  const areas = mayName ? found.areas : [...found.areas, ...found.named];
  const all = mayName ? [...found.areas, ...found.named] : areas;
  return {
    areas,
    negations: negationsFor(all),
    entries: [
      ...new Set([
        ...(mayName ? found.names : found.entries),
        ...[...found.names].filter((name) => name.startsWith('^')),
      ]),
    ],
    made: [...found.made],
    hasDependencies: found.hasDependencies,
    uncached: [...found.uncached],
  };
}

function collect(
  options: Options,
  { project }: DeclaredBuild,
  run: GraphRun,
  found: Found,
): void {
  const ignore = textsIn(options.ignore);
  const deps = Array.isArray(options.deps)
    ? (options.deps as unknown[])
    : ['.'];
  const outputs = ['recordFile', 'outputsImageRefTo'].flatMap((name) => {
    const value = options[name];
    return typeof value === 'string' ? (optionPath(value, project) ?? []) : [];
  });
  const area = (place: Pick<Area, 'base' | 'kind' | 'glob'>): Area => ({
    ...place,
    ignore,
    leftOut: [...outputs, ...manifestsLeftOut(place, project, run)],
  });
  for (const dep of deps) {
    const name = inputOf(dep);
    if (typeof dep === 'string') {
      const { places, made, reason } = resolveDep(dep, project, run.disk);
      found.areas.push(...places.map(area));
      if (made !== undefined) found.made.add(made);
      if (reason) found.uncached.add(`deps names ${dep}, ${reason}`);
    } else if (name !== undefined) {
      collectInput(name, area);
    }
  }

  function collectInput(
    name: string,
    areaOf: (place: Pick<Area, 'base' | 'kind' | 'glob'>) => Area,
  ): void {
    if (name.startsWith('^')) {
      found.names.add(name);
      found.hasDependencies = true;
      return;
    }
    const input = ownInput(name, project, run.nxJson);
    if (!input.isDefined) {
      found.uncached.add(`deps names the input ${name}, which nobody defines`);
      return;
    }
    found.names.add(name);
    found.entries.push(...input.others);
    found.hasDependencies ||= input.hasDependencies;
    for (const fileset of input.filesets) {
      const place = placeOf(fileset, project);
      if (place) found.named.push(areaOf(place));
    }
    for (const fileset of input.except) {
      const glob = optionPath(asPath(fileset), project);
      if (glob !== undefined) found.except.add(glob);
    }
  }
}

/** `{projectRoot}/` of inputs is what paths of options begin with anyway. */
function asPath(fileset: string): string {
  return fileset.replace(/^\{projectRoot\}\/?/, '');
}

function placeOf(fileset: string, site: DeclaredBuild['project']) {
  const path = optionPath(asPath(fileset), site);
  if (path === undefined) return undefined;
  const { isGlob, base, glob } = picomatch.scan(path);
  return isGlob
    ? ({ base, kind: 'glob', glob } as const)
    : ({ base: path, kind: 'either' } as const);
}

/** No manifest is called like that: `*.go`. */
const OF_OTHERS = /\.(?!ya?ml$|json$)\w+$/;

/** The manifests of a project are no input of its image, unless it asks for them. */
function manifestsLeftOut(
  { base, kind, glob }: Pick<Area, 'base' | 'kind' | 'glob'>,
  project: DeclaredProject,
  { manifestsOf }: GraphRun,
): string[] {
  if (kind === 'file' || OF_OTHERS.test(glob ?? '')) return [];
  const folder = folderOf(project.root);
  // What stands above the project is all that it asks for.
  if (!isWithin(base, folder)) return [];
  const globs = manifestsOf(project).filter((one) => !one.startsWith('..'));
  const from = folder === '' ? base : base.slice(folder.length + 1);
  if (asksForManifests({ base: from, glob }, globs)) return [];
  return globs.filter(isPlain).map((one) => joined(literal(folder), one));
}

function inputOf(dep: unknown): string | undefined {
  const { input } = Object(dep) as { input?: unknown };
  return typeof input === 'string' ? input : undefined;
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value)
    ? (value as unknown[]).filter((one) => typeof one === 'string')
    : [];
}
