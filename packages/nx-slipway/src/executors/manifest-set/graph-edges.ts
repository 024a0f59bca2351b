import { familiarName, referenceIn } from '../../image';
import { SlipwayError } from '../../report';
import type { Owner } from '../custom-build/owners';
import { taskOf } from '../custom-build/parents';
import { tasksBefore } from '../task-edges';
import type { FindRun } from './options';

/**
 * Images that a tool put into the manifests and that the project graph does not
 * know them to use: `nx affected` would pass the set by when one of them
 * changes. `deploy` stops, `render` warns.
 * @throws SLIPWAY_E_IMAGE_EDGE with the line to add
 */
export function assertEdges(used: readonly Owner[], run: FindRun): void {
  const unknown = used.filter((owner) => !isKnown(owner, run));
  if (unknown.length === 0) return;
  const { projectName = '', targetName } = run.context;
  const names = unknown.flatMap(
    ({ options: { ref } }) => familiarNameOf(ref) ?? [],
  );
  const builders = unknown.map(taskOf).join(' and ');
  const error = {
    code: 'SLIPWAY_E_IMAGE_EDGE' as const,
    message: `the manifests of ${projectName} use ${names.join(' and ')}, which ${builders} ${unknown.length === 1 ? 'builds' : 'build'}, and the project graph cannot see that: nx affected would leave ${projectName} out.`,
    hint: `Add "images": ${JSON.stringify(names)} to the options of ${projectName}:${targetName}.`,
  };
  if (run.needsEdges) throw new SlipwayError(error);
  run.reporter.warn(`${error.message} ${error.hint}`);
}

/** Where nobody inferred what the manifests use, the user has written it. */
function isKnown({ project, target, options }: Owner, run: FindRun): boolean {
  const { projectName = '', projectsConfigurations } = run.context;
  const { metadata } = projectsConfigurations.projects[projectName] ?? {};
  const { slipway } = Object(metadata) as { slipway?: unknown };
  const { uses } = Object(slipway) as { uses?: unknown };
  if (!Array.isArray(uses) || project === projectName) return true;
  const { projectGraph } = run.context;
  const edges = projectGraph.dependencies[projectName] ?? [];
  return (
    uses.includes(familiarNameOf(options.ref)) ||
    edges.some((edge) => edge.target === project) ||
    isBefore(`${project}:${target}`, run.context)
  );
}

/** Whether a task, in whatever configuration, runs before that of the set. */
function isBefore(
  task: string,
  { taskGraph, projectName, targetName, configurationName }: FindRun['context'],
): boolean {
  const own = [projectName, targetName, configurationName];
  const before = tasksBefore(own.filter(Boolean).join(':'), taskGraph);
  return before.some((id) => `${id}:`.startsWith(`${task}:`));
}

function familiarNameOf(ref: string): string | undefined {
  const name = referenceIn(ref);
  return name && familiarName(name);
}
