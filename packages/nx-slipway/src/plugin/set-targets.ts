import type { TargetConfiguration } from '@nx/devkit';
import deploy from '../executors/deploy/schema.json';
import down from '../executors/down/schema.json';
import render from '../executors/render/schema.json';
import serve from '../executors/serve/schema.json';
import { executorOf, SET_KINDS, type SetKind } from '../settings';
import { NOT_CONTINUOUS } from './build-target';
import {
  variantsOf,
  type DeclaredProject,
  type DeclaredTarget,
} from './declared';
import type { ManifestSets, ManifestUse } from './manifest-sets';
import { pairs } from './parents';
import type { GraphRun } from './run';
import { inherited, modelOf, overlaid } from './set-options';
import { kindOf } from './set-kinds';

/** Of a project that holds manifests. */
export interface SetTargets {
  readonly targets: Readonly<Record<string, TargetConfiguration>>;
  /** Of all of them. */
  readonly use: ManifestUse;
}

/** What each takes. */
const OPTIONS: Readonly<Record<SetKind, object>> = {
  render: render.properties,
  deploy: deploy.properties,
  serve: serve.properties,
  down: down.properties,
};

const DESCRIPTIONS: Readonly<Record<SetKind, string>> = {
  render: 'Prints the manifests with the refs of their images in them.',
  deploy:
    'Builds the images that are missing, applies the manifests, and waits until all is ready.',
  serve:
    'Watches the files of images and manifests, builds what changes, and keeps the cluster as they are.',
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
  const explicit = declared.filter(isExplicit);
  const withSource = declared.filter(hasSource);
  const found = withSource.length > 0 ? [] : sets.candidates(project);
  if (explicit.length + withSource.length + found.length === 0) {
    return undefined;
  }
  const model = modelOf(declared, project.undeclared);
  const uses: ManifestUse[] = [];
  const inputs = new Map<ManifestUse, readonly string[]>();
  const targets: Record<string, TargetConfiguration> = {};
  for (const kind of SET_KINDS) {
    const name = run.names[kind];
    const there = project.targets.get(name);
    const isOthers =
      (there && kindOf(there) !== kind) || project.otherTargets.includes(name);
    if (isOthers) continue;
    const ours = inherited(kind, name, there, model, project);
    const defaults = project.undeclared.get(name);
    add(kind, overlaid(ours, there ?? defaults), ours);
  }
  for (const target of declared) {
    const kind = kindOf(target);
    if (kind && !targets[target.name]) add(kind, target);
  }
  return { targets, use: union(uses) };

  function add(kind: SetKind, target: DeclaredTarget, ours?: DeclaredTarget) {
    // It goes by what stands in the cluster, and reads no manifest.
    if (kind === 'down') {
      targets[target.name] = targetFor(kind, ours, []);
      return;
    }
    const use = sets.use(project, target);
    uses.push(use);
    // It builds what it needs itself, and starts when a build is broken, too.
    if (kind === 'serve') {
      targets[target.name] = {
        ...targetFor(kind, ours, []),
        continuous: true,
      };
      return;
    }
    // Most targets of a project deploy the same.
    const known = inputs.get(use) ?? inputsFor(use);
    inputs.set(use, known);
    targets[target.name] = {
      ...targetFor(kind, ours, known),
      dependsOn: [
        ...pairs(use.builds),
        ...(kind === 'deploy' ? run.deployedBefore(project) : []),
      ],
    };
  }
}

/**
 * Whether a target is ours without a look at manifests, which may be gone while
 * what they deployed still stands: by its executor, or by options of ours alone.
 */
function isExplicit(target: DeclaredTarget): boolean {
  if (!target.isImplied) return true;
  const kind = kindOf(target);
  const names = variantsOf(target).flatMap((options) => Object.keys(options));
  return (
    kind !== undefined &&
    names.length > 0 &&
    names.every((name) => Object.hasOwn(OPTIONS[kind], name))
  );
}

function hasSource({ options, configurations }: DeclaredTarget): boolean {
  const all = [options, ...Object.values(configurations)];
  return all.some(({ source }) => source !== undefined);
}

function targetFor(
  kind: SetKind,
  ours: DeclaredTarget | undefined,
  inputs: readonly string[],
): TargetConfiguration {
  const {
    options = {},
    configurations = {},
    defaultConfiguration,
  } = ours ?? {};
  return {
    executor: executorOf(kind),
    continuous: NOT_CONTINUOUS,
    ...(inputs.length > 0 && { inputs: ['{projectRoot}/**/*', ...inputs] }),
    ...(Object.keys(options).length > 0 && { options }),
    ...(Object.keys(configurations).length > 0 && { configurations }),
    ...(defaultConfiguration !== undefined && { defaultConfiguration }),
    metadata: {
      technologies: ['kubernetes'],
      description: DESCRIPTIONS[kind],
    },
  };
}

function union(uses: readonly ManifestUse[]): ManifestUse {
  const [first, ...others] = new Set(uses);
  if (first && others.length === 0) return first;
  return {
    builds: [...new Set(uses.flatMap(({ builds }) => builds))],
    files: [...new Set(uses.flatMap(({ files }) => files))],
    places: [...new Set(uses.flatMap(({ places }) => places))],
  };
}
