import { isDeepStrictEqual } from 'node:util';
import { getProjects, readNxJson, updateNxJson, type Tree } from '@nx/devkit';
import { hasCode } from '../../../report';
import type { PluginOptions } from '../../../settings';
import { addTarget, type Target } from '../../targets';
import type { Plan, PlannedOption, PlannedTarget } from '../plan';

const PLUGIN = 'nx-slipway';
const NX_JSON = 'nx.json';

/**
 * Writes what is planned; what the workspace has otherwise stays, and is told.
 * @returns the targets that were not written, as PROJECT:TARGET
 */
export function writePlan(tree: Tree, plan: Plan): string[] {
  for (const option of plan.plugin) writeOption(tree, option, plan);
  const refused = plan.targets.filter(
    (target) => !writeTarget(tree, target, plan),
  );
  for (const { path, text, call } of plan.files) {
    const there = tree.exists(path) ? tree.read(path, 'utf8') : undefined;
    if (there === undefined) tree.write(path, text);
    else if (there !== text) {
      plan.ledger.problem(
        call,
        `${path} is there already, with other lines than dockerfile_contents has`,
      );
    }
  }
  return refused.map(({ project, target }) => `${project.name}:${target}`);
}

function writeTarget(
  tree: Tree,
  { project, target, config, calls }: PlannedTarget,
  { ledger }: Plan,
): boolean {
  try {
    // A root of '' is the workspace's own, which Nx calls '.'.
    const at = { name: project.name, root: project.root || '.' };
    addTarget(tree, at, target, withForwards(tree, at, target, config));
    return true;
  } catch (error) {
    if (!hasCode(error, 'SLIPWAY_E_EXISTS')) throw error;
    for (const call of calls) {
      ledger.refused(call, `${project.name}:${target}`, error.message);
      if (error.hint) ledger.todo(call, error.hint);
    }
    return false;
  }
}

interface PortForward {
  readonly port: number;
}

/** Other ports that are forwarded already stay so. */
function withForwards(
  tree: Tree,
  { name }: { name: string },
  target: string,
  config: Target,
): Target {
  const given = config.options?.portForwards as PortForward[] | undefined;
  const known = getProjects(tree).get(name)?.targets?.[target];
  const { portForwards } = (known?.options ?? {}) as { portForwards?: unknown };
  if (!given || !Array.isArray(portForwards)) return config;
  const others = (portForwards as PortForward[]).filter(
    ({ port }) => !given.some((each) => each.port === port),
  );
  return {
    ...config,
    options: { ...config.options, portForwards: [...others, ...given] },
  };
}

function writeOption(
  tree: Tree,
  { options, call }: PlannedOption,
  { ledger }: Plan,
): void {
  const nxJson = readNxJson(tree) ?? {};
  const plugins = nxJson.plugins ?? [];
  const at = plugins.findIndex(
    (entry) => (typeof entry === 'string' ? entry : entry.plugin) === PLUGIN,
  );
  const entry = plugins[at];
  const there = (
    typeof entry === 'object' ? (entry.options ?? {}) : {}
  ) as PluginOptions;
  if (isOther(there.registry, options.registry)) {
    ledger.refused(
      call,
      NX_JSON,
      `nx.json names the registry ${JSON.stringify(there.registry)} already, which stays`,
    );
    ledger.todo(call, 'Change `registry` there if it is to be another.');
    return;
  }
  const merged = { ...there, ...joined(there, options) };
  if (isDeepStrictEqual(merged, there)) return;
  const written = {
    ...(typeof entry === 'object' ? entry : { plugin: PLUGIN }),
    options: merged,
  };
  updateNxJson(tree, {
    ...nxJson,
    plugins: plugins.map((each, index) => (index === at ? written : each)),
  });
}

const isOther = (there: unknown, given: unknown): boolean =>
  there !== undefined &&
  given !== undefined &&
  !isDeepStrictEqual(there, given);

/** Lists are added to; what is there comes first. */
function joined(there: PluginOptions, given: PluginOptions): PluginOptions {
  const { registry, allowContexts, locators } = given;
  return {
    ...(registry !== undefined && { registry }),
    ...(allowContexts && {
      allowContexts: union(there.allowContexts, allowContexts),
    }),
    ...(locators && { locators: union(there.locators, locators) }),
  };
}

function union<T>(there: readonly T[] = [], given: readonly T[]): T[] {
  const all = [...there];
  for (const each of given) {
    if (!all.some((other) => isDeepStrictEqual(other, each))) all.push(each);
  }
  return all;
}
