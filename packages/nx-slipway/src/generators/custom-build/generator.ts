import {
  formatFiles,
  logger,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { parseReference } from '../../image';
import { fillRecipe, projectFiles } from '../recipes';
import {
  addTarget,
  projectOf,
  targetNames,
  usePlugin,
  withHints,
} from '../targets';
import { answersIn } from './answers-in';
import { chooseRecipe } from './choose-recipe';
import { defaultRef } from './default-ref';
import { missingTools } from './missing-tools';
import type { CustomBuildGeneratorSchema } from './schema';
import { summary } from './summary';
import { targetOf } from './target-of';
import { writeFiles } from './write-files';

/**
 * Gives a project a target that builds its image. Run again, it writes what the
 * recipe says anew and keeps the rest.
 * @throws SLIPWAY_E_OPTION_INVALID, SLIPWAY_E_REF_INVALID, SLIPWAY_E_RECIPE,
 *   SLIPWAY_E_EXISTS
 */
export default withHints(async function customBuild(
  tree: Tree,
  options: CustomBuildGeneratorSchema,
): Promise<GeneratorCallback> {
  const project = projectOf(tree, options.project);
  const name = targetNames(tree).customBuild;
  const there = project.targets?.[name];
  const ref = options.ref ?? defaultRef(project.name, there);
  parseReference(ref);
  const values = {
    name: project.name,
    ref,
    projectRoot: project.root,
    files: projectFiles(tree, project.root),
  };
  const { recipe, file } = chooseRecipe(tree, options.builder, values);
  const filled = fillRecipe(recipe, {
    ...values,
    answers: answersIn(options.set ?? [], recipe),
  });
  const target = targetOf(filled, there, options.liveUpdate ?? true);
  addTarget(tree, project, name, target);
  const kept = writeFiles(tree, filled.files);
  // Now that nothing was refused.
  usePlugin(tree);
  if (!options.skipFormat) await formatFiles(tree);
  const lines = summary({
    ...{ project: project.name, target: name, recipe, file, filled, kept },
    isLive: target.options?.liveUpdate !== undefined,
    missing: missingTools(filled.tools),
  });
  return () => {
    logger.info(lines.join('\n'));
  };
});
