import { posix, relative, sep } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { globMatcher, pathMatcher } from '../../inputs';
import { valuesIn } from '../../manifest';
import { SlipwayError } from '../../report';
import {
  candidateSources,
  sourceFiles,
  type ManifestSource,
} from '../../source';
import { DEPLOY } from '../deploy/executor-name';
import type { DeployExecutorSchema } from '../deploy/schema';
import { sourceOf } from '../manifest-set/read-set';
import { targetsIn } from '../targets-in';
import { workspaceOf, type Workspace } from '../workspace';

/** A target that deploys manifests. */
export interface Deployer {
  readonly project: string;
  /** As nx run takes it: `shop:deploy`. */
  readonly task: string;
}

/**
 * The targets of whose manifests a file is one, or would be if it were there.
 * Rather too many than too few, where a tool reads them: none is run.
 * @param file absolute
 */
export function deployersOf(
  file: string,
  context: ExecutorContext,
): Deployer[] {
  return targetsIn<DeployExecutorSchema>(context, DEPLOY)
    .filter(({ options, context: own }) =>
      isManifestOf(file, options, workspaceOf(own)),
    )
    .map(({ project, target }) => ({ project, task: `${project}:${target}` }));
}

function isManifestOf(
  file: string,
  { source }: DeployExecutorSchema,
  workspace: Workspace,
): boolean {
  const sources =
    source === undefined
      ? candidates(workspace)
      : written({ source }, workspace);
  const wouldBe =
    source === undefined
      ? isUnderGlobs(file, workspace)
      : sources.some((one) => isNamed(file, one, workspace));
  return (
    wouldBe ||
    sources.some((one) =>
      sourceFiles(one, valuesIn, workspace.root).includes(file),
    )
  );
}

function candidates(workspace: Workspace): ManifestSource[] {
  const { projectRoot, projectName, manifestGlobs, innerRoots } = workspace;
  return candidateSources({
    projectRoot,
    globs: manifestGlobs,
    project: projectName,
    inner: innerRoots,
    readValues: valuesIn,
  });
}

/** What is wrong with one, its own run tells. */
function written(
  options: Pick<DeployExecutorSchema, 'source'>,
  workspace: Workspace,
): ManifestSource[] {
  try {
    return [sourceOf(options, workspace)];
  } catch (error) {
    if (error instanceof SlipwayError) return [];
    throw error;
  }
}

function isUnderGlobs(
  file: string,
  { projectRoot, manifestGlobs, innerRoots }: Workspace,
): boolean {
  const path = below(projectRoot, file);
  const isInner = [...innerRoots].some((root) => path.startsWith(`${root}/`));
  const globs = manifestGlobs.map((glob) => below(projectRoot, glob));
  return !isInner && globMatcher(globs)(path);
}

function isNamed(
  file: string,
  source: ManifestSource,
  { root }: Workspace,
): boolean {
  const globs = source.kind === 'yaml' ? source.globs : [];
  return globs.some((glob) =>
    pathMatcher(below(root, glob))(below(root, file)),
  );
}

function below(folder: string, path: string): string {
  return relative(folder, path).split(sep).join(posix.sep);
}
