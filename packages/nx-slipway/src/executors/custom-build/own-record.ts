import type { ExecutorContext } from '@nx/devkit';
import { SlipwayError } from '../../report';
import { CUSTOM_BUILD } from '../../settings';
import type { CustomBuildExecutorSchema } from './schema';

/**
 * Two targets of a project whose records are one file would each find the
 * other's in the place of their own.
 * @throws SLIPWAY_E_OPTION_CONFLICT
 */
export function assertOwnRecord(
  { recordFile }: Pick<CustomBuildExecutorSchema, 'recordFile'>,
  {
    projectsConfigurations,
    projectName = '',
    targetName = '',
  }: ExecutorContext,
): void {
  const targets = projectsConfigurations.projects[projectName]?.targets ?? {};
  const other = Object.keys(targets).find((name) => {
    const target = targets[name];
    if (name === targetName || target?.executor !== CUSTOM_BUILD) return false;
    const options = target.options as CustomBuildExecutorSchema | undefined;
    return options?.recordFile === recordFile;
  });
  if (other === undefined) return;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_CONFLICT',
    message: `${projectName}:${targetName} and ${projectName}:${other} would write one image record, ${recordFile ?? `that of the project ${projectName}`}.`,
    hint: `Give one of them a recordFile of its own, for example "{workspaceRoot}/.nx/slipway/${projectName}-${targetName}.json", and the same in its outputs.`,
  });
}
