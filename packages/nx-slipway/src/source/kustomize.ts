import type { ManifestText } from '../manifest';
import { SlipwayError } from '../report';
import { isMissing } from './install-hint';
import type { SourceRun } from './read-source';
import { shown, sourceError } from './source-error';
import type { KustomizeSource } from './source';
import { textOfTool } from './tool-source';
import { isFolder } from './walk';

const HINT =
  'The kustomization itself could not be built; try the same command by hand. Bases at a URL need git and the network.';

/** `kustomize build`, or the one that kubectl has. */
export async function runKustomize(
  { folder }: KustomizeSource,
  run: SourceRun,
): Promise<ManifestText[]> {
  const name = shown(run.root, folder);
  if (!isFolder(folder)) {
    throw sourceError(
      `the kustomization ${name} is no folder`,
      'source.kustomize names the folder that holds kustomization.yaml, relative to the project root.',
    );
  }
  const by = (tool: readonly string[], version: readonly string[]) =>
    textOfTool(
      {
        argv: [...tool, folder],
        dir: run.root,
        origin: [...tool, name].join(' '),
        hint: HINT,
        version,
      },
      run,
    );
  try {
    return [await by(['kustomize', 'build'], ['kustomize', 'version'])];
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  try {
    return [
      await by(['kubectl', 'kustomize'], ['kubectl', 'version', '--client']),
    ];
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new SlipwayError({
      code: 'SLIPWAY_E_TOOL_MISSING',
      message: `neither kustomize nor kubectl, which has one built in, was found, to build ${name}.`,
      hint: 'Install kustomize (https://kubectl.docs.kubernetes.io/installation/kustomize/) or kubectl, or put its folder on the PATH.',
      cause: error,
    });
  }
}
