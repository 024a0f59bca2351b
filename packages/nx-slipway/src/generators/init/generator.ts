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
const RECORDS = '.nx/slipway';

/** What `nx add nx-slipway` runs. Run again, it changes nothing. */
export default async function init(
  tree: Tree,
  options: InitGeneratorSchema,
): Promise<GeneratorCallback> {
  addPlugin(tree, options.registry);
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
