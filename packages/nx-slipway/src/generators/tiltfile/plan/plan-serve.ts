import type { Call } from '../read';
import type { Forward, Resource } from '../sets';
import { setNaming, sourceOption, type PlannedSet } from './plan-sets';
import type { Ledger, PlannedTarget, Workspace } from './types';

/** What is asked of serve for one project. */
interface Asked {
  readonly forwards: { readonly object: string; readonly forward: Forward }[];
  readonly calls: Call[];
  readonly after: Set<string>;
  isManual: boolean;
}

const NO_SET = 'no manifests were moved that it could be of';
const NO_SET_TODO =
  'Write it into `portForwards` of `serve` of the project that deploys it.';
const TOGETHER =
  '`resource_deps`: all objects of a set are applied together, by their kinds, and Kubernetes starts again what came too early';
const ONE_TRIGGER =
  '`trigger_mode`: `serve` has one trigger for all that a project deploys: `nx serve PROJECT --trigger=manual`, or a project of its own';

/** The targets of the projects that deploy. */
export function planServe(
  sets: readonly PlannedSet[],
  resources: readonly Resource[],
  isManual: Call | undefined,
  workspace: Workspace,
  ledger: Ledger,
): PlannedTarget[] {
  const asked = new Map<PlannedSet, Asked>(
    sets.map((set) => [
      set,
      {
        forwards: [],
        calls: [],
        after: new Set(),
        isManual: isManual !== undefined,
      },
    ]),
  );
  const { deploy, serve } = workspace.targetNames;
  if (isManual) {
    for (const set of sets) {
      ledger.moved(isManual, `${set.project.name}:${serve}`);
      asked.get(set)?.calls.push(isManual);
    }
    if (sets.length === 0) ledger.problem(isManual, NO_SET);
  }
  const workloads = new Map(
    resources.flatMap(({ newName, workload }) =>
      newName ? [[newName, workload] as const] : [],
    ),
  );
  const setOf = (name: string) =>
    setNaming(bare(workloads.get(name) ?? name), sets, workspace);
  const allManual =
    resources.length > 0 && resources.every((each) => each.isManual);
  for (const resource of resources) {
    const { call, workload, forwards } = resource;
    ledger.note(call, ...resource.notes);
    ledger.problem(call, ...resource.problems);
    const set = setOf(workload);
    const found = set && asked.get(set);
    if (!set || !found) {
      if (forwards.length > 0 || resource.isManual) {
        ledger.problem(call, NO_SET);
        ledger.todo(call, NO_SET_TODO);
      }
      continue;
    }
    const { name } = set.project;
    if (forwards.length > 0) {
      const object = objectOf(workloads.get(workload) ?? workload);
      found.forwards.push(...forwards.map((forward) => ({ object, forward })));
      found.calls.push(call);
      ledger.moved(call, `${name}:${serve}`);
    }
    if (allManual) {
      found.isManual = true;
      found.calls.push(call);
      ledger.moved(call, `${name}:${serve}`);
    } else if (resource.isManual) ledger.problem(call, ONE_TRIGGER);
    for (const other of resource.resourceDeps) {
      const before = setOf(other);
      if (before && before !== set) {
        found.after.add(before.project.name);
        ledger.moved(call, `${name}:${deploy}`);
      } else ledger.note(call, TOGETHER);
    }
  }
  return sets.flatMap((set, at) =>
    targetsOf(set, at === 0 ? sets.slice(1) : [], asked.get(set), workspace),
  );
}

function targetsOf(
  { project, source, namespace, images, calls }: PlannedSet,
  others: readonly PlannedSet[],
  asked: Asked | undefined,
  { targetNames }: Workspace,
): PlannedTarget[] {
  const projects = others.map((set) => set.project.name);
  const after = [...new Set([...projects, ...(asked?.after ?? [])])];
  const deploy = {
    source: sourceOption(source, project.root),
    ...(namespace && { namespace }),
    ...(images.length > 0 && { images }),
    ...(after.length > 0 && { after }),
  };
  const portForwards = (asked?.forwards ?? []).map(({ object, forward }) => ({
    object,
    ...forward,
  }));
  const serve = {
    ...(projects.length > 0 && { projects }),
    ...(asked?.isManual && { trigger: 'manual' }),
    ...(portForwards.length > 0 && { portForwards }),
  };
  return [
    { project, target: targetNames.deploy, config: { options: deploy }, calls },
    ...(Object.keys(serve).length > 0
      ? [
          {
            project,
            target: targetNames.serve,
            config: { options: serve },
            calls: asked?.calls ?? [],
          },
        ]
      : []),
  ];
}

/** `web:deployment:shop` names an object in Tilt. */
function objectOf(workload: string): string {
  const [name = '', kind] = workload.split(':');
  return kind ? `${kind.toLowerCase()}/${name}` : name;
}

const bare = (workload: string) => workload.split(':')[0] ?? workload;
