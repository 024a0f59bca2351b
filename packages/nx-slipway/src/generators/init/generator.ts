import {
  addDependenciesToPackageJson,
  formatFiles,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { version } from '../../../package.json';
import { parseRegistry } from '../../settings';
import { addPlugin, withHints } from '../targets';
import type { InitGeneratorSchema } from './schema';

const PLUGIN = 'nx-slipway';

/**
 * What `nx add nx-slipway` runs. Run again, it changes nothing but the registry,
 * if one is given, and adds the workspace's id where there is none.
 * @throws SLIPWAY_E_OPTION_INVALID for a registry that builds would refuse
 */
export default withHints(async function init(
  tree: Tree,
  options: InitGeneratorSchema,
): Promise<GeneratorCallback> {
  parseRegistry(options.registry, '--registry');
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
});
