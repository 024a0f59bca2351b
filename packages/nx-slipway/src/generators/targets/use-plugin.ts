import { randomBytes } from 'node:crypto';
import {
  logger,
  readJson,
  readNxJson,
  updateNxJson,
  type ExpandedPluginConfiguration,
  type PluginConfiguration,
  type Tree,
} from '@nx/devkit';
import type { PluginOptions, TargetNames } from '../../settings';
import { takenNames } from './taken-names';

const PLUGIN = 'nx-slipway';
const RECORDS = '.nx/slipway';
/** Lines by which git leaves the records out already. */
const IGNORED = /^(?:\*\*\/|\/)?\.nx(?:\/(?:\*\*?|slipway)?\/?)?$/;
const LONGEST_SLUG = 30;

/**
 * Registers the plugin and has git ignore its records; the registry is set if
 * one is given, and the workspace's id if it has none.
 */
export function addPlugin(tree: Tree, registry?: string): void {
  const taken = takenNames(tree);
  if (addEntry(tree, registry, taken)) tellNames(taken);
  ignoreRecords(tree);
}

/** For generators that write targets: does nothing where it is registered. */
export function usePlugin(tree: Tree): void {
  if (!isRegistered(readNxJson(tree)?.plugins)) addPlugin(tree);
}

function isRegistered(plugins: readonly PluginConfiguration[] = []): boolean {
  return plugins.some((entry) => nameOf(entry) === PLUGIN);
}

/** @returns whether there was none */
function addEntry(
  tree: Tree,
  registry: string | undefined,
  targetNames: Partial<TargetNames>,
): boolean {
  const nxJson = readNxJson(tree) ?? {};
  const plugins = nxJson.plugins ?? [];
  const isThere = isRegistered(plugins);
  // First: of a target that another plugin infers by the same name, that wins.
  const all = isThere ? plugins : [PLUGIN, ...plugins];
  const id = () => workspaceId(tree);
  const wanted = all.map((entry) =>
    nameOf(entry) === PLUGIN
      ? withOptions(entry, registry, targetNames, id)
      : entry,
  );
  // What is as it should be is not written, so that nobody formats it.
  if (JSON.stringify(wanted) !== JSON.stringify(nxJson.plugins)) {
    updateNxJson(tree, { ...nxJson, plugins: wanted });
  }
  return !isThere;
}

/** They are not those of the docs, so nobody should have to find out. */
function tellNames(names: Partial<TargetNames>): void {
  const all = Object.values(names);
  if (all.length === 0) return;
  logger.info(
    `A project that holds manifests has targets of these names already, so nx-slipway's are called ${all.join(', ')}: targetNames in nx.json.`,
  );
}

/**
 * For people, the workspace's own name; for clusters that several workspaces
 * of that name deploy to, what nobody else has.
 */
function workspaceId(tree: Tree): string {
  const { name = '' } = tree.exists('package.json')
    ? readJson<{ name?: string }>(tree, 'package.json')
    : {};
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const slug = words.slice(0, LONGEST_SLUG).replace(/^-+|-+$/g, '');
  return [slug, randomBytes(4).toString('hex')].filter(Boolean).join('-');
}

function nameOf(entry: PluginConfiguration): string {
  return typeof entry === 'string' ? entry : entry.plugin;
}

/**
 * What more is said of that very registry than its host stays, and the id
 * that there is: what was deployed under it is found by it.
 */
function withOptions(
  entry: PluginConfiguration,
  registry: string | undefined,
  targetNames: Partial<TargetNames>,
  id: () => string,
): PluginConfiguration {
  const given: ExpandedPluginConfiguration =
    typeof entry === 'string' ? { plugin: entry } : entry;
  const options = (given.options ?? {}) as PluginOptions;
  const { registry: old } = options;
  const isSame = typeof old === 'object' && old.host === registry;
  return {
    ...given,
    options: {
      ...options,
      ...(registry && !isSame && { registry }),
      // Whoever has chosen names, or works with ours, keeps them.
      ...(typeof entry !== 'object' &&
        Object.keys(targetNames).length > 0 && { targetNames }),
      workspaceId: options.workspaceId ?? id(),
    },
  };
}

/** Records are outputs; git has no use for them. */
function ignoreRecords(tree: Tree): void {
  const text = tree.read('.gitignore', 'utf8') ?? '';
  const isIgnored = text.split('\n').some((line) => IGNORED.test(line.trim()));
  if (isIgnored) return;
  const end = text === '' || text.endsWith('\n') ? '' : '\n';
  tree.write('.gitignore', `${text}${end}${RECORDS}\n`);
}
