import { join } from 'node:path';
import type { ExecutorContext } from '@nx/devkit';
import { editManifests, joinTexts, type ManifestSet } from '../../manifest';
import { SlipwayError, explainRefusal } from '../../report';
import { replaceFile } from '../../state';
import { withBuildSystems } from '../build-systems';
import { planner } from '../custom-build/planner';
import { assertOptionNames } from '../known-names';
import { imagesForJson } from '../manifest-set/images';
import { injectedSet, type InjectedSet } from '../manifest-set/injected-set';
import { readSet } from '../manifest-set/read-set';
import { runTarget, type TargetRun } from '../run-target';
import { workspaceOf } from '../workspace';
import type { RenderExecutorSchema } from './schema';
import schema from './schema.json';
import { withoutSecrets } from './without-secrets';

/**
 * Prints or writes the manifests of a project with the refs of its images in
 * them (design 2.6). No cluster is asked, unless an option names its context.
 */
export default function render(
  options: RenderExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  const json = options.output === 'json';
  const quiet = options.file === undefined;
  return runTarget(context, { json, quiet }, async (run) => {
    assertOptionNames(options, schema, 'render');
    const workspace = workspaceOf(context);
    const file = options.file && workspace.path('file', options.file);
    const { set, injection, images } = await rendered(options, context, run);
    const yaml = joinTexts(editManifests(set, injection.changes));
    const shown = { images: imagesForJson(images) };
    if (file) {
      const isSource = set.texts.some(
        ({ origin }) => join(context.root, origin) === file,
      );
      await writeTo(file, yaml, isSource);
      run.reporter.info(`written to ${options.file}`);
      return { ...shown, file: options.file };
    }
    const masked = withoutSecrets(set, injection.changes);
    if (masked !== yaml) {
      run.reporter.warn(
        'the values of Secrets are masked on standard output; --file writes them.',
      );
    }
    if (!json) run.reporter.answer(masked.trimEnd());
    return { ...shown, yaml: masked };
  });
}

async function rendered(
  options: RenderExecutorSchema,
  context: ExecutorContext,
  run: TargetRun,
): Promise<InjectedSet> {
  const workspace = workspaceOf(context);
  const set: ManifestSet = await readSet(options, workspace, run);
  const parts = { root: context.root, env: process.env, ...run };
  return withBuildSystems(parts, (systems) =>
    injectedSet(
      set,
      options,
      { ...run, context, workspace, systems, isOpen: false, needsEdges: false },
      planner(run),
    ),
  );
}

/**
 * For the user alone: there may be Secrets in it.
 * @throws SLIPWAY_E_OPTION_INVALID
 */
async function writeTo(
  file: string,
  yaml: string,
  isSource: boolean,
): Promise<void> {
  const invalid = (why: string) => ({
    code: 'SLIPWAY_E_OPTION_INVALID' as const,
    message: `${file} cannot be written: ${why}.`,
    hint: 'Name another place in the option file.',
  });
  if (isSource) {
    throw new SlipwayError(invalid('it is one of the manifests themselves'));
  }
  await explainRefusal(() => replaceFile(file, yaml, 0o600), invalid);
}
