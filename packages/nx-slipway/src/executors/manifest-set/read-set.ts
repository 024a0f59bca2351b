import {
  readManifests,
  valuesIn,
  type JsonPath,
  type ManifestSet,
} from '../../manifest';
import { SlipwayError, type Reporter } from '../../report';
import {
  findSource,
  parseSource,
  readSource,
  type ManifestSource,
} from '../../source';
import type { TargetRun } from '../run-target';
import type { Workspace } from '../workspace';
import type { SetOptions } from './options';
import { hideSecrets } from './secret-values';

/**
 * The manifests of a project, read; from here on nothing shows the values of
 * the Secrets among them.
 * @throws SLIPWAY_E_SOURCE, SLIPWAY_E_TOOL_MISSING, SLIPWAY_E_MANIFEST
 */
export async function readSet(
  options: SetOptions,
  workspace: Workspace,
  {
    reporter,
    secrets,
    signal,
  }: Pick<TargetRun, 'secrets' | 'signal'> & {
    readonly reporter: Reporter;
  },
): Promise<ManifestSet> {
  const source = sourceOf(options, workspace);
  const texts = await readSource(source, {
    root: workspace.root,
    namespace: options.namespace,
    env: process.env,
    reporter,
    secrets: () => secrets.all,
    signal,
  });
  const set = readManifests(texts);
  hideSecrets(
    set.objects.map(({ object }) => object),
    secrets,
  );
  if (set.objects.length > 0) return set;
  throw new SlipwayError({
    code: 'SLIPWAY_E_SOURCE',
    message: `there is no object in the manifests of ${workspace.projectName}: ${texts.map(({ origin }) => origin).join(', ')}.`,
    hint: 'Write manifests there, or choose another source.',
  });
}

export function sourceOf(
  { source }: SetOptions,
  workspace: Workspace,
): ManifestSource {
  const { projectRoot, projectName, manifestGlobs, innerRoots } = workspace;
  if (source === undefined) {
    // What is no YAML names nothing; kustomize says so itself, and better.
    return findSource({
      projectRoot,
      globs: manifestGlobs,
      project: projectName,
      inner: innerRoots,
      readValues: valuesIn,
    });
  }
  return parseSource(source, {
    release: projectName,
    resolve: (value: string, at: JsonPath) =>
      workspace.path('source', value, ...at),
  });
}
