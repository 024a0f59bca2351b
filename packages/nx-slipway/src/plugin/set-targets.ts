import type { TargetConfiguration } from '@nx/devkit';
import { posix } from 'node:path';
import { isObject } from '../locate';
import type { DeclaredProject, DeclaredTarget, Options } from './declared';
import type { ManifestSets, ManifestUse } from './manifest-sets';
import { optionPath } from './option-path';
import { pairs } from './parents';
import type { GraphRun } from './run';
import { executorOf, kindOf, SET_KINDS, type SetKind } from './set-kinds';

/** Of a project that holds manifests. */
export interface SetTargets {
  readonly targets: Readonly<Record<string, TargetConfiguration>>;
  /** Of all of them. */
  readonly use: ManifestUse;
}

/** Options that say what is deployed and where, by who takes them. */
const SHARED: Readonly<Record<SetKind, readonly string[]>> = {
  render: ['source', 'namespace', 'registry', 'pin', 'images'],
  deploy: ['source', 'namespace', 'registry', 'pin', 'images', 'context'],
  down: ['namespace', 'context'],
};

const DESCRIPTIONS: Readonly<Record<SetKind, string>> = {
  render: 'Prints the manifests with the refs of their images in them.',
  deploy:
    'Builds the images that are missing, applies the manifests, and waits until all is ready.',
  down: 'Takes down what deploy has applied.',
};

/**
 * The targets of a manifest set that a project gets, and what is added to those
 * that it declares. One of its name with another executor is left alone.
 * @param inputsFor what Nx must look at for a use, beside the project's own files
 * @returns undefined for a project that holds no manifests
 */
export function setTargets(
  project: DeclaredProject,
  sets: ManifestSets,
  run: GraphRun,
  inputsFor: (use: ManifestUse) => readonly string[],
): SetTargets | undefined {
  const declared = [...project.targets.values()].filter(kindOf);
  const explicit = declared.filter(({ isImplied }) => !isImplied);
  const withSource = declared.filter(hasSource);
  const found = withSource.length > 0 ? [] : sets.candidates(project);
  if (explicit.length + withSource.length + found.length === 0) {
    return undefined;
  }
  const model = modelOf(declared);
  const uses = new Map<string, ManifestUse>();
  const targets: Record<string, TargetConfiguration> = {};
  for (const kind of SET_KINDS) {
    const name = run.names[kind];
    const there = project.targets.get(name);
    const isOthers =
      (there && kindOf(there) !== kind) || project.otherTargets.includes(name);
    if (isOthers) continue;
    const ours = inherited(kind, there, model, project);
    const use = sets.use(project, {
      ...ours,
      options: { ...ours.options, ...there?.options },
      configurations: joined(ours.configurations, there?.configurations),
    });
    uses.set(name, use);
    targets[name] = targetFor(kind, ours, use, inputsFor(use));
    addAfter(targets[name], kind, there, project, run);
  }
  for (const target of declared) {
    const kind = kindOf(target);
    if (!kind || targets[target.name]) continue;
    const use = sets.use(project, target);
    uses.set(target.name, use);
    targets[target.name] = targetFor(kind, undefined, use, inputsFor(use));
    addAfter(targets[target.name], kind, target, project, run);
  }
  return { targets, use: union([...uses.values()]) };
}

function hasSource({ options, configurations }: DeclaredTarget): boolean {
  const all = [options, ...Object.values(configurations)];
  return all.some(({ source }) => source !== undefined);
}

/** The target that says what is deployed: `deploy`, if the project has one. */
function modelOf(
  declared: readonly DeclaredTarget[],
): DeclaredTarget | undefined {
  const kinds: readonly SetKind[] = ['deploy', 'render', 'down'];
  const [model] = kinds.flatMap((kind) =>
    declared.filter((target) => kindOf(target) === kind),
  );
  return model;
}

type Ours = DeclaredTarget;

/** What a target takes over of the one that says what is deployed. */
function inherited(
  kind: SetKind,
  there: DeclaredTarget | undefined,
  model: DeclaredTarget | undefined,
  project: DeclaredProject,
): Ours {
  const name = there?.name ?? kind;
  if (!model || model === there)
    return { name, options: {}, configurations: {} };
  const shared = (options: Options) => sharedOptions(kind, options, project);
  const configurations = Object.fromEntries(
    Object.entries(model.configurations).map(([key, options]) => [
      key,
      shared(options),
    ]),
  );
  const { defaultConfiguration } = model;
  return {
    name,
    options: shared(model.options),
    configurations,
    defaultConfiguration,
  };
}

function sharedOptions(
  kind: SetKind,
  options: Options,
  project: DeclaredProject,
): Options {
  return Object.fromEntries(
    SHARED[kind]
      .filter((key) => options[key] !== undefined)
      .map((key) => [
        key,
        key === 'source' ? fromProject(options[key], project) : options[key],
      ]),
  );
}

/**
 * Nx takes `{workspaceRoot}/` away from options, and the executor looks for it
 * where the user wrote it: of what is taken over, there is no such place.
 */
function fromProject(value: unknown, project: DeclaredProject): unknown {
  if (typeof value === 'string') {
    if (!value.startsWith('{workspaceRoot}')) return value;
    const path = optionPath(value, project) ?? '';
    return posix.relative(project.root, path) || '.';
  }
  if (Array.isArray(value)) {
    return value.map((one: unknown) => fromProject(one, project));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, fromProject(one, project)]),
  );
}

function targetFor(
  kind: SetKind,
  ours: Ours | undefined,
  { builds }: ManifestUse,
  inputs: readonly string[],
): TargetConfiguration {
  const {
    options = {},
    configurations = {},
    defaultConfiguration,
  } = ours ?? {};
  const needsImages = kind !== 'down';
  return {
    executor: executorOf(kind),
    ...(needsImages && { dependsOn: pairs(builds) }),
    ...(inputs.length > 0 &&
      needsImages && {
        inputs: ['{projectRoot}/**/*', ...inputs],
      }),
    ...(Object.keys(options).length > 0 && { options }),
    ...(Object.keys(configurations).length > 0 && { configurations }),
    ...(defaultConfiguration !== undefined && { defaultConfiguration }),
    metadata: {
      technologies: ['kubernetes'],
      description: DESCRIPTIONS[kind],
    },
  };
}

/** `after`: sets that are deployed before this one. */
function addAfter(
  target: TargetConfiguration | undefined,
  kind: SetKind,
  declared: DeclaredTarget | undefined,
  project: DeclaredProject,
  { names, deployedBefore }: GraphRun,
): void {
  if (!target || kind !== 'deploy' || !declared) return;
  const projects = deployedBefore(project);
  if (projects.length === 0) return;
  target.dependsOn = [
    ...(target.dependsOn ?? []),
    { projects: [...projects], target: names.deploy },
  ];
}

function joined(
  first: DeclaredTarget['configurations'],
  then: DeclaredTarget['configurations'] = {},
): DeclaredTarget['configurations'] {
  const keys = new Set([...Object.keys(first), ...Object.keys(then)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, { ...first[key], ...then[key] }]),
  );
}

function union(uses: readonly ManifestUse[]): ManifestUse {
  return {
    builds: [...new Set(uses.flatMap(({ builds }) => builds))],
    files: [...new Set(uses.flatMap(({ files }) => files))],
  };
}
