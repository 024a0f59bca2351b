import { asksForManifests } from '../inputs';
import {
  isPlain,
  isWithin,
  joined,
  literal,
  mayLieBelow,
  mayMeet,
  type Area,
} from './areas';
import type { DeclaredBuild } from './builds';
import type { DeclaredProject, Options } from './declared';
import { folderOf } from './filesets';
import { inputDep } from './input-dep';
import { negationsFor } from './negations';
import { optionPath } from './option-path';
import { resolveDep, type Place } from './resolve-dep';
import type { GraphRun } from './run';

/** What Nx must hash of a build, and what it cannot. */
export interface BuildInputs {
  /** What Nx is told of by paths. */
  readonly areas: readonly Area[];
  /** That, and what it is told of by the names of inputs. */
  readonly all: readonly Area[];
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

/** What is of a named input. */
interface Named<T> {
  readonly name: string;
  readonly of: T;
}

interface Found {
  areas: Area[];
  named: Named<Area>[];
  names: Set<string>;
  except: Named<string>[];
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
    except: [],
    entries: [],
    made: new Set(),
    hasDependencies: false,
    uncached: new Set(),
  };
  for (const options of build.variants) collect(options, build, run, found);
  const all = [...found.areas, ...found.named.map(({ of }) => of)];
  const mayName = mayBeNamed(found);
  return {
    areas: mayName ? found.areas : all,
    all,
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

/**
 * What one input leaves out, Nx takes from all the others, too. A build takes
 * it from the globs of that input alone, not from files that it names.
 */
function mayBeNamed({ areas, named, except }: Found): boolean {
  return except.every(
    ({ name, of: glob }) =>
      isPlain(glob) &&
      !areas.some((area) => mayMeet(area, glob)) &&
      !named.some(
        (other) =>
          (other.name !== name || other.of.kind === 'file') &&
          mayMeet(other.of, glob),
      ),
  );
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
  const area = (place: Place): Area => ({
    ...place,
    ignore,
    leftOut: [
      // The root itself is no file of ours.
      ...outputs.filter((path) => path !== '' && literal(path) === path),
      ...manifestsLeftOut(place, project, run),
    ],
  });
  for (const dep of deps) {
    const name = inputOf(dep);
    if (typeof dep === 'string') {
      const { places, made, reason } = resolveDep(dep, project, run.disk);
      found.areas.push(...places.map(area));
      if (made !== undefined) found.made.add(made);
      if (reason) found.uncached.add(`deps names ${dep}, ${reason}`);
    } else if (name !== undefined) {
      const input = inputDep(name, project, run);
      const of = <T>(each: T) => ({ name, of: each });
      if (input.isDefined) found.names.add(name);
      found.areas.push(...input.places.map(area));
      found.named.push(...input.named.map(area).map(of));
      found.except.push(...input.except.map(of));
      found.entries.push(...input.others);
      found.hasDependencies ||= input.hasDependencies;
      input.made.forEach((path) => found.made.add(path));
      input.uncached.forEach((reason) => found.uncached.add(reason));
    }
  }
}

/** No manifest is called like that: `*.go`. */
const OF_OTHERS = /\.(?!ya?ml$|json$)\w+$/;

/** The manifests of a project are no input of its image, unless it asks for them. */
function manifestsLeftOut(
  { base, kind, glob }: Place,
  project: DeclaredProject,
  { manifestsOf }: GraphRun,
): string[] {
  if (kind === 'file' || OF_OTHERS.test(glob ?? '')) return [];
  const folder = folderOf(project.root);
  // What stands above the project is all that it asks for.
  if (!isWithin(base, folder)) return [];
  const from = folder === '' ? base : base.slice(folder.length + 1);
  const globs = manifestsOf(project).filter(
    (one) => one !== '' && !one.startsWith('..') && mayLieBelow(from, one),
  );
  if (globs.length === 0 || asksForManifests({ base: from, glob }, globs)) {
    return [];
  }
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
