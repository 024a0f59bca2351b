import { assertTaken, liveUpdateOf, type LiveUpdate } from '../../live-update';
import type { DepSelection } from '../../inputs';
import type { Workspace } from '../workspace';
import type { CustomBuildExecutorSchema } from './schema';

/**
 * What running containers of an image are given without a build. None of it is
 * part of what is built, nor of the input hash.
 * @returns undefined without the option, or if it is an empty list, by which a
 *   configuration has none
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export function liveUpdateOption(
  { liveUpdate }: Pick<CustomBuildExecutorSchema, 'liveUpdate'>,
  workspace: Pick<Workspace, 'root' | 'path'>,
): LiveUpdate | undefined {
  if (liveUpdate === undefined || isEmptyList(liveUpdate)) return undefined;
  return liveUpdateOf(liveUpdate, {
    root: workspace.root,
    path: (value, ...within) => workspace.path('liveUpdate', value, ...within),
  });
}

/**
 * The same, as far as one image alone can tell whether its deps hold what it
 * names: those it is built on may hold the rest.
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export function assertLiveUpdate(
  options: Pick<CustomBuildExecutorSchema, 'liveUpdate' | 'imageDeps'>,
  workspace: Pick<Workspace, 'root' | 'path'>,
  deps: DepSelection,
): void {
  const liveUpdate = liveUpdateOption(options, workspace);
  const { imageDeps = [] } = options;
  if (liveUpdate && imageDeps.length === 0) assertTaken(liveUpdate, [deps]);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
