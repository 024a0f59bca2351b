import { stat } from 'node:fs/promises';
import type { ManifestText } from '../manifest';
import { SlipwayError } from '../report';
import type { SourceRun } from './read-source';
import { shown, sourceError } from './source-error';
import type { KustomizeSource } from './source';
import { textOfTool } from './tool-source';

const HINT =
  'The kustomization itself could not be built; try the same command by hand. Bases at a URL need git and the network.';

/** `kustomize build`, or the one that kubectl has. */
export async function runKustomize(
  { folder }: KustomizeSource,
  run: SourceRun,
): Promise<ManifestText[]> {
  const name = shown(run.root, folder);
  const info = await stat(folder).catch(() => undefined);
  if (!info?.isDirectory()) {
    throw sourceError(
      `the kustomization ${name} is no folder`,
      'source.kustomize names the folder that holds kustomization.yaml, relative to the project root.',
    );
  }
  const by = (...tool: string[]) =>
    textOfTool(
      {
        argv: [...tool, folder],
        dir: run.root,
        origin: [...tool, name].join(' '),
        hint: HINT,
      },
      run,
    );
  try {
    return [await by('kustomize', 'build')];
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  try {
    return [await by('kubectl', 'kustomize')];
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new SlipwayError({
      code: 'SLIPWAY_E_TOOL_MISSING',
      message: `neither kustomize nor kubectl, which has one built in, was found, to build ${name}.`,
      hint: 'Install one of them, or put its folder on the PATH.',
      cause: error,
    });
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof SlipwayError && error.code === 'SLIPWAY_E_TOOL_MISSING'
  );
}
