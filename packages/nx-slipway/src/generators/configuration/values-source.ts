import type { Tree } from '@nx/devkit';
import { SlipwayError } from '../../report';
import { deploySource, heldManifests, type Project } from '../targets';
import type { Source } from './chosen-source';

/**
 * The chart that the project deploys, with other values.
 * @throws SLIPWAY_E_OPTION_INVALID if it deploys none, or more than one
 */
export function valuesSource(
  tree: Tree,
  project: Project,
  values: readonly string[],
): Source {
  const said = deploySource(tree, project) as { helm?: object } | undefined;
  if (said?.helm) return { helm: { ...said.helm, values } };
  const { charts } = heldManifests(tree, project);
  const [chart, ...others] = charts;
  if (!said && chart !== undefined && others.length === 0) {
    return { helm: { chart, values } };
  }
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `--values is given, and the project ${project.name} deploys ${others.length > 0 ? `several charts: ${charts.join(', ')}` : 'no Helm chart'}`,
    hint: 'Name the folder of the chart by --source.',
  });
}
