import { posix } from 'node:path';
import type { Call } from '../read';
import type { Source, Sources } from '../sets';
import { optionPath } from '../values';
import { absentOf } from './absent';
import { folderOf, type Homes } from './homes';
import type { Ledger, Place, Workspace } from './types';

/** What one project deploys. */
export interface PlannedSet {
  readonly project: Place;
  readonly source: Source;
  readonly namespace?: string;
  readonly images: readonly string[];
  readonly calls: readonly Call[];
}

interface Given extends Omit<PlannedSet, 'project'> {
  readonly paths: readonly string[];
}

/** Where the manifests go that are of no project. */
const NEW_FOLDER = 'k8s';

/**
 * A project for each source, since a project has one: all files of YAML are one,
 * and come first.
 * @param wanted the project that is asked for, for the first
 */
export function planSets(
  found: readonly Sources[],
  wanted: Place | undefined,
  tiltfileDir: string,
  workspace: Workspace,
  homes: Homes,
  onlyImage: Place | undefined,
  ledger: Ledger,
): PlannedSet[] {
  const sets: PlannedSet[] = [];
  for (const { call, sources } of found) {
    ledger.note(call, ...absentOf(sources.flatMap(pathsOf), workspace));
  }
  for (const [at, set] of joined(found).entries()) {
    const folder = folderOf(set.paths, workspace);
    const project =
      at === 0
        ? (wanted ?? firstHome(folder, tiltfileDir, homes, onlyImage))
        : otherHome(folder, sets, homes);
    if (!project) {
      for (const call of set.calls) {
        ledger.problem(
          call,
          `${nameOf(set.source)}: ${folder || 'the workspace root'} is deployed by a project already, and each deploys one source`,
        );
        ledger.todo(
          call,
          'Make a project in a folder of its own, with this `source` in the options of its `deploy`.',
        );
      }
      continue;
    }
    const { paths: _paths, ...rest } = set;
    sets.push({ project, ...rest });
  }
  return sets;
}

function joined(found: readonly Sources[]): Given[] {
  const files: Given[] = [];
  const others: Given[] = [];
  for (const { call, sources, namespace, images = [] } of found) {
    for (const source of sources) {
      const set = {
        source,
        images,
        calls: [call],
        paths: pathsOf(source),
        ...(namespace && { namespace }),
      };
      ('yaml' in source ? files : others).push(set);
    }
  }
  const yaml = [...new Set(files.flatMap(({ paths }) => paths))];
  const calls = files.flatMap((set) => set.calls);
  const [first] = files;
  return first
    ? [{ ...first, source: { yaml }, paths: yaml, calls }, ...others]
    : others;
}

function firstHome(
  folder: string,
  tiltfileDir: string,
  homes: Homes,
  onlyImage: Place | undefined,
): Place {
  return (
    homes.holding(tiltfileDir) ??
    homes.holding(folder) ??
    (folder === '' ? undefined : homes.make(folder)) ??
    // YAML at the root of the workspace, which is no project, or everyone's.
    onlyImage ??
    homes.at('') ??
    homes.make(NEW_FOLDER)
  );
}

function otherHome(
  folder: string,
  sets: readonly PlannedSet[],
  homes: Homes,
): Place | undefined {
  const isFree = (place: Place | undefined) =>
    place && !sets.some(({ project }) => project.name === place.name);
  const holding = homes.holding(folder);
  if (holding && isFree(holding)) return holding;
  return folder === '' || homes.at(folder) ? undefined : homes.make(folder);
}

function pathsOf(source: Source): readonly string[] {
  if ('yaml' in source) return source.yaml;
  if ('kustomize' in source) return [source.kustomize];
  if ('helm' in source) return [source.helm.chart];
  return source.deps.length > 0 ? source.deps.slice(0, 1) : [source.dir];
}

const nameOf = (source: Source): string => Object.keys(source)[0] ?? '';

/** As project.json has it. */
export function sourceOption(source: Source, root: string): object {
  const inProject = (path: string) => optionPath(path, root);
  if ('yaml' in source) return { yaml: source.yaml.map(inProject) };
  if ('kustomize' in source) return { kustomize: inProject(source.kustomize) };
  if ('helm' in source) {
    const { chart, release, values, set } = source.helm;
    return {
      helm: {
        chart: inProject(chart),
        release,
        ...(values.length > 0 && { values: values.map(inProject) }),
        ...(Object.keys(set).length > 0 && { set }),
      },
    };
  }
  const { command, deps, dir } = source;
  return {
    command,
    ...(deps.length > 0 && { deps: deps.map(inProject) }),
    ...(dir !== root && { dir: inProject(dir) }),
  };
}

/** Which set has a workload of a name, as far as its files tell. */
export function setNaming(
  name: string,
  sets: readonly PlannedSet[],
  { read }: Workspace,
): PlannedSet | undefined {
  const [first, ...others] = sets;
  if (others.length === 0) return first;
  const word = new RegExp(
    `^\\s*(?:- )?name:\\s*["']?${name.replace(/[^\w-]/g, '\\$&')}["']?\\s*$`,
    'm',
  );
  return (
    sets.find(
      ({ source }) => 'helm' in source && source.helm.release === name,
    ) ??
    sets.find(({ source }) =>
      filesOf(source).some((file) => word.test(read(file) ?? '')),
    ) ??
    first
  );
}

/** Those that can be told without running a tool. */
function filesOf(source: Source): readonly string[] {
  if ('yaml' in source) return source.yaml;
  if ('kustomize' in source) {
    return ['deployment.yaml', 'deployment.yml', 'kustomization.yaml'].map(
      (file) => posix.join(source.kustomize, file),
    );
  }
  return [];
}
