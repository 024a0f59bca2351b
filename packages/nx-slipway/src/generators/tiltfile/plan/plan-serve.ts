import { ask, type Asked, type Wishes } from './ask';
import { noOrder } from './order';
import { sourceOption, type PlannedSet } from './plan-sets';
import type { Ledger, PlannedTarget, Workspace } from './types';

/** The targets of the projects that deploy; the first serves them all. */
export function planServe(
  sets: readonly PlannedSet[],
  wishes: Wishes,
  workspace: Workspace,
  ledger: Ledger,
): PlannedTarget[] {
  const order = noOrder();
  const asked = ask(sets, wishes, order, workspace, ledger);
  const [first, ...others] = sets;
  const names = others.map(({ project }) => project.name);
  // So that a deploy of the first one is a deploy of all, where it may come last.
  for (const name of names) order.put(first?.project.name ?? '', name);
  return sets.flatMap((set) =>
    targetsOf(
      set,
      order.of(set.project.name),
      set === first ? names : [],
      asked(set),
      workspace,
    ),
  );
}

function targetsOf(
  { project, source, namespace, images, calls }: PlannedSet,
  after: readonly string[],
  projects: readonly string[],
  asked: Asked,
  { targetNames }: Workspace,
): PlannedTarget[] {
  const deploy = {
    source: sourceOption(source, project.root),
    ...(namespace && { namespace }),
    ...(images.length > 0 && { images }),
    ...(after.length > 0 && { after }),
  };
  const serve = {
    ...(projects.length > 0 && { projects }),
    ...(asked.isManual && { trigger: 'manual' }),
    ...(asked.forwards.length > 0 && { portForwards: asked.forwards }),
  };
  const targets = [
    { project, target: targetNames.deploy, config: { options: deploy }, calls },
  ];
  if (Object.keys(serve).length === 0) return targets;
  const config = { options: serve };
  return [
    ...targets,
    { project, target: targetNames.serve, config, calls: asked.calls },
  ] as PlannedTarget[];
}
