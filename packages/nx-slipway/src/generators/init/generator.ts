import {
  addDependenciesToPackageJson,
  formatFiles,
  readNxJson,
  updateNxJson,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { version } from '../../../package.json';
import type { InitGeneratorSchema } from './schema';

const PLUGIN = 'nx-slipway';

/** What `nx add nx-slipway` runs. Run again, it changes nothing. */
export default async function init(
  tree: Tree,
  options: InitGeneratorSchema,
): Promise<GeneratorCallback> {
  addPlugin(tree, options.registry);
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

function addPlugin(tree: Tree, registry: string | undefined): void {
  const nxJson = readNxJson(tree) ?? {};
  const plugins = nxJson.plugins ?? [];
  const isThere = plugins.some(
    (entry) => (typeof entry === 'string' ? entry : entry.plugin) === PLUGIN,
  );
  if (isThere) return;
  const options = registry ? { registry } : {};
  nxJson.plugins = [...plugins, { plugin: PLUGIN, options }];
  updateNxJson(tree, nxJson);
}
