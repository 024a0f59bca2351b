import type { TargetConfiguration } from '@nx/devkit';
import { formatPlatform, hostPlatform } from '../image';
import { CUSTOM_BUILD } from '../settings';
import type { BuildInputs } from './build-inputs';
import { taskOf, type DeclaredBuild } from './builds';
import { filesets } from './filesets';
import { interpolated } from './option-path';
import type { Parents } from './parents';
import { preparedBy } from './prepared';
import type { GraphRun } from './run';

/**
 * Said outright: else Nx reads the executor's schema for it, of each target.
 */
export const NOT_CONTINUOUS = false;

const RECORD = '{workspaceRoot}/.nx/slipway/{projectName}.json';

/** What `metadata.slipway` of a target says, for executors and people. */
export interface BuildMetadata {
  /** As in `ref`. */
  readonly image?: string;
  /** Why Nx does not cache the target. */
  readonly uncached?: readonly string[];
}

/** What Nx is told of a build, beside what the user wrote of it (design 2.9). */
export function buildTarget(
  build: DeclaredBuild,
  parents: Parents,
  inputs: BuildInputs,
  run: GraphRun,
): TargetConfiguration {
  const prepared = preparedBy(build, inputs.made, run.disk);
  const uncached = [
    ...inputs.uncached,
    ...prepared.uncached,
    ...parents.uncached,
  ];
  const [image] = imageTextsOf(build);
  const slipway: BuildMetadata = {
    ...(image !== undefined && { image }),
    ...(uncached.length > 0 && { uncached }),
  };
  return {
    executor: CUSTOM_BUILD,
    continuous: NOT_CONTINUOUS,
    cache: uncached.length === 0,
    inputs: [
      ...filesets(inputs.areas, inputs.negations, build.project, run.nesting),
      ...entriesOf(inputs),
      ...prepared.made.flatMap(madeBy),
      ...parents.records.map((record) => ({
        dependentTasksOutputFiles: record,
      })),
      ...(run.isInstalled ? [{ externalDependencies: ['nx-slipway'] }] : []),
      ...verification(build),
    ],
    outputs: outputsOf(build),
    options: { platform: formatPlatform(hostPlatform(run.arch)) },
    ...(parents.dependsOn.length > 0 && { dependsOn: [...parents.dependsOn] }),
    metadata: {
      technologies: ['docker'],
      description: `Builds the image ${image ?? build.project.name}, and pushes it if the registry lacks it.`,
      ...{ slipway },
    },
  };
}

function imageTextsOf({ project, variants }: DeclaredBuild): string[] {
  return variants.flatMap(({ ref }) =>
    typeof ref === 'string' ? interpolated(ref, project) : [],
  );
}

function entriesOf({ entries }: BuildInputs) {
  return entries as NonNullable<TargetConfiguration['inputs']>;
}

/** It may be a file or a folder: nothing need be there yet. */
function madeBy(path: string) {
  return [path, `${path}/**/*`].map((dependentTasksOutputFiles) => ({
    dependentTasksOutputFiles,
    transitive: true,
  }));
}

/**
 * For those who run nothing but `custom-build`: what it prints changes when the
 * image of the last record is gone (docs/graph.md).
 */
function verification(build: DeclaredBuild) {
  const isAsked = build.variants.some(({ verify }) => verify === true);
  if (!isAsked) return [];
  const program = 'node node_modules/nx-slipway/src/cli/main.js';
  return [{ runtime: `${program} verify ${taskOf(build)}` }];
}

/** The record of each configuration; as `recordFile` says it. */
function outputsOf({ variants }: DeclaredBuild): string[] {
  const files = variants.map(({ recordFile }) => {
    if (typeof recordFile !== 'string') return RECORD;
    return recordFile.startsWith('{workspaceRoot}')
      ? recordFile
      : `{projectRoot}/${recordFile}`;
  });
  return [...new Set(files)];
}
