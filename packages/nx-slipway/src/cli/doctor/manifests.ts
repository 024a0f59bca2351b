import { unownedManifests } from '../../source';
import type { WorkspaceOptions } from '../../settings';
import { projectGraph } from '../workspace';
import { ok, skip, warn, type Finding } from './finding';

/** How many files a line names. */
const MAX_NAMED = 3;

/** Manifests that lie beside all projects are deployed by nobody. */
export async function checkManifests(
  root: string | undefined,
  { manifests }: Pick<WorkspaceOptions, 'manifests'>,
): Promise<Finding> {
  if (root === undefined) return skip('not in an Nx workspace');
  const { nodes } = await projectGraph(root);
  const projects = Object.values(nodes).map(({ name, data }) => ({
    name,
    root: data.root,
  }));
  const files = unownedManifests(root, manifests, projects);
  if (files.length === 0) return ok('each manifest is of a project');
  const named = files.slice(0, MAX_NAMED).join(', ');
  const more = files.length - MAX_NAMED;
  return warn(
    `no project holds ${named}${more > 0 ? ` and ${more} more` : ''}: nobody deploys ${files.length === 1 ? 'it' : 'them'}.`,
    'Give the folder above a project.json, { "name": "..." }, move them into a project, or name them in the source of one.',
  );
}
