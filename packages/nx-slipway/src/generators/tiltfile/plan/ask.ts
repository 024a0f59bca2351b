import type { Call } from '../read';
import type { Forward, Resource } from '../sets';
import type { Order } from './order';
import { setNaming, type PlannedSet } from './plan-sets';
import type { Ledger, Workspace } from './types';

/** What is asked of serve for one project. */
export interface Asked {
  readonly forwards: readonly ({ readonly object: string } & Forward)[];
  readonly isManual: boolean;
  readonly calls: readonly Call[];
}

/** All that Tiltfiles say of workloads. */
export interface Wishes {
  readonly resources: readonly Resource[];
  /** The call that has nothing start by itself. */
  readonly manual?: Call;
  /** Names of local resources. */
  readonly locals: readonly string[];
}

const NO_SET = 'no manifests were moved that it could be of';
const NO_SET_TODO =
  'Write it into `portForwards` or `trigger` of `serve` of the project that deploys it.';
const TOGETHER =
  '`resource_deps`: all objects of a set are applied together, by their kinds, and Kubernetes starts again what came too early';
const ONE_TRIGGER =
  '`trigger_mode`: `serve` has one trigger for all that a project deploys: `nx serve PROJECT --trigger=manual`, or a project of its own';
const LOCAL =
  '`resource_deps`: what runs on this machine is a target; name it in `dependsOn` of the `custom-build` that needs it';

/**
 * What each set is asked for; what comes after what goes into `order`.
 */
export function ask(
  sets: readonly PlannedSet[],
  { resources, manual, locals }: Wishes,
  order: Order,
  workspace: Workspace,
  ledger: Ledger,
): (set: PlannedSet) => Asked {
  const { deploy, serve } = workspace.targetNames;
  const resourceOf = (name: string) =>
    resources.find(({ newName }) => newName === name)?.workload ?? name;
  const setOf = (name: string) =>
    setNaming(bare(resourceOf(name)), sets, workspace);
  const allManual =
    resources.length > 0 && resources.every(({ isManual }) => isManual);
  const found = new Map(
    sets.map((set) => [
      set,
      {
        forwards: [] as ({ object: string } & Forward)[],
        isManual: manual !== undefined || allManual,
        calls: manual ? [manual] : ([] as Call[]),
      },
    ]),
  );
  if (manual) {
    for (const { project } of sets) {
      ledger.moved(manual, `${project.name}:${serve}`);
    }
    if (sets.length === 0) unplaced(manual);
  }
  for (const resource of resources) {
    const { call, workload, forwards, resourceDeps, isManual } = resource;
    ledger.note(call, ...resource.notes);
    ledger.problem(call, ...resource.problems);
    const set = setOf(workload);
    if (!set) {
      if (forwards.length > 0 || isManual) unplaced(call);
      continue;
    }
    const { name } = set.project;
    const asked = found.get(set);
    if (forwards.length > 0 || allManual) {
      const object = objectOf(resourceOf(workload));
      asked?.forwards.push(...forwards.map((each) => ({ object, ...each })));
      asked?.calls.push(call);
      ledger.moved(call, `${name}:${serve}`);
    }
    if (isManual && !allManual && !manual) ledger.problem(call, ONE_TRIGGER);
    for (const other of resourceDeps) {
      const before = locals.includes(other) ? undefined : setOf(other);
      if (!before) ledger.note(call, LOCAL);
      else if (before !== set && order.put(name, before.project.name)) {
        ledger.moved(call, `${name}:${deploy}`);
      } else ledger.note(call, TOGETHER);
    }
  }
  return (set) =>
    found.get(set) ?? { forwards: [], isManual: false, calls: [] };

  function unplaced(call: Call): void {
    ledger.problem(call, NO_SET);
    ledger.todo(call, NO_SET_TODO);
  }
}

/** `web:deployment:shop` names an object in Tilt. */
function objectOf(workload: string): string {
  const [name = '', kind] = workload.split(':');
  return kind ? `${kind.toLowerCase()}/${name}` : name;
}

const bare = (workload: string) => workload.split(':')[0] ?? workload;
