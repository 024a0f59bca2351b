import { truncate } from 'node:fs/promises';
import { useTempFolder } from '../testing/temp-folder';
import { depTrees } from './dep-trees';

const folder = useTempFolder();

it('are found though an ignore file cannot be read', async () => {
  await folder.write({ 'app/src/x': '', 'app/.gitignore': '' });
  // More than is ever read.
  await truncate(folder.at('app/.gitignore'), 2 ** 31);
  const root = folder.path;
  const [tree] = await depTrees(
    {
      root,
      projectRoot: root,
      manifests: [],
      deps: [{ path: folder.at('app') }],
      ignore: [],
      outputs: [],
    },
    [],
  );
  expect(tree?.path).toBe(folder.at('app'));
  expect(tree?.prunes(folder.at('app/src'))).toBe(false);
  expect(tree?.prunes(folder.at('app/node_modules'))).toBe(true);
});
