import { randomBytes } from 'node:crypto';
import {
  addDependenciesToPackageJson,
  formatFiles,
  logger,
  readJson,
  readNxJson,
  updateNxJson,
  type ExpandedPluginConfiguration,
  type GeneratorCallback,
  type PluginConfiguration,
  type Tree,
} from '@nx/devkit';
import { version } from '../../../package.json';
import { formatError } from '../../report';
import {
  parseRegistry,
  type PluginOptions,
  type TargetNames,
} from '../../settings';
import type { InitGeneratorSchema } from './schema';
import { takenNames } from './taken-names';

const PLUGIN = 'nx-slipway';
const RECORDS = '.nx/slipway';
const LONGEST_SLUG = 30;

/**
 * What `nx add nx-slipway` runs. Run again, it changes nothing but the registry,
 * if one is given, and adds the workspace's id where there is none.
 * @throws SLIPWAY_E_OPTION_INVALID for a registry that builds would refuse
 */
export default async function init(
  tree: Tree,
  options: InitGeneratorSchema,
): Promise<GeneratorCallback> {
  assertRegistry(options.registry);
  const taken = takenNames(tree);
  const isNew = addPlugin(tree, options.registry, taken);
  if (isNew) tellNames(taken);
  ignoreRecords(tree);
  const install = options.skipPackageJson
    ? () => undefined
    : addDependenciesToPackageJson(
        tree,
        {},
        { [PLUGIN]: `^${version}` },
        undefined,
        options.keepExistingVersions ?? false,
      );
  if (!options.skipFormat) await formatFiles(tree);
  return install;
}

/** Nx shows an error's message alone, so the hint is put into it. */
function assertRegistry(registry: string | undefined): void {
  try {
    parseRegistry(registry, '--registry');
  } catch (error) {
    throw new Error(formatError(error), { cause: error });
  }
}

function addPlugin(
  tree: Tree,
  registry: string | undefined,
  targetNames: Partial<TargetNames>,
): boolean {
  const nxJson = readNxJson(tree) ?? {};
  const plugins = nxJson.plugins ?? [];
  const isThere = plugins.some((entry) => nameOf(entry) === PLUGIN);
  // First: of a target that another plugin infers by the same name, that wins.
  const all = isThere ? plugins : [PLUGIN, ...plugins];
  const id = () => workspaceId(tree);
  nxJson.plugins = all.map((entry) =>
    nameOf(entry) === PLUGIN
      ? withOptions(entry, registry, targetNames, id)
      : entry,
  );
  updateNxJson(tree, nxJson);
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
  const isIgnored = text
    .split('\n')
    .some((line) => ['.nx', '.nx/', '/.nx', RECORDS].includes(line.trim()));
  if (isIgnored) return;
  const end = text === '' || text.endsWith('\n') ? '' : '\n';
  tree.write('.gitignore', `${text}${end}${RECORDS}\n`);
}
