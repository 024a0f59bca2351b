import { isPlain, literal } from './areas';
import type { DeclaredProject } from './declared';
import { optionPath } from './option-path';
import { ownInput } from './own-input';
import { resolveDep, type Place } from './resolve-dep';
import type { GraphRun } from './run';

/** A dep `{ "input": NAME }`, as Nx reads that input and as a build does. */
export interface InputDep {
  readonly isDefined: boolean;
  /** What Nx finds by the name alone. */
  readonly named: readonly Place[];
  /** What it does not: folders without a glob, files of nested projects. */
  readonly places: readonly Place[];
  /** Globs below the workspace root that are left out. */
  readonly except: readonly string[];
  /** `env`, `runtime` and such: as they stand. */
  readonly others: readonly unknown[];
  readonly hasDependencies: boolean;
  /** Paths that git ignores. */
  readonly made: readonly string[];
  /** Why Nx cannot hash all of it. */
  readonly uncached: readonly string[];
}

export function inputDep(
  name: string,
  project: DeclaredProject,
  run: GraphRun,
): InputDep {
  if (name.startsWith('^')) return { ...NOTHING, hasDependencies: true };
  const input = ownInput(name, project, run.nxJson);
  if (!input.isDefined) {
    const reason = `deps names the input ${name}, which nobody defines`;
    return { ...NOTHING, isDefined: false, uncached: [reason] };
  }
  const resolved = input.filesets.map((fileset) => ({
    fileset,
    ...resolveDep(asPath(fileset), project, run.disk),
  }));
  const isNamed = ({
    fileset,
    places: [place, ...more],
  }: (typeof resolved)[0]) =>
    place !== undefined &&
    more.length === 0 &&
    isSameToNx(fileset, place, project, run);
  const placesOf = (some: typeof resolved) =>
    some.flatMap(({ places }) => places);
  return {
    isDefined: true,
    named: placesOf(resolved.filter(isNamed)),
    places: placesOf(resolved.filter((one) => !isNamed(one))),
    except: input.except.flatMap(
      (fileset) => optionPath(asPath(fileset), project) ?? [],
    ),
    others: input.others,
    hasDependencies: input.hasDependencies,
    made: resolved.flatMap(({ made }) => made ?? []),
    uncached: resolved.flatMap(({ fileset, reason }) =>
      reason ? `deps names the input ${name} with ${fileset}, ${reason}` : [],
    ),
  };
}

const NOTHING: InputDep = {
  isDefined: true,
  named: [],
  places: [],
  except: [],
  others: [],
  hasDependencies: false,
  made: [],
  uncached: [],
};

/** `{projectRoot}/` of inputs is what paths of options begin with anyway. */
function asPath(fileset: string): string {
  return fileset.replace(/^\{projectRoot\}\/?/, '');
}

/** Of a project, Nx takes what no project within it has; of a folder, nothing. */
function isSameToNx(
  fileset: string,
  { base, kind, glob = '' }: Place,
  project: DeclaredProject,
  { nesting }: GraphRun,
): boolean {
  return (
    (kind === 'glob' || kind === 'file') &&
    isPlain(glob) &&
    literal(base) === base &&
    !fileset.includes('..') &&
    (fileset.startsWith('{workspaceRoot}') || nesting.isOf({ base }, project))
  );
}
