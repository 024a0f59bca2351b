import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { FsTree } from 'nx/src/generators/tree';
import { slipwayError } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { findRecipe, readRecipes, recipes } from '.';

const folder = useTempFolder();

const kaniko = (more: object = {}) => ({
  name: 'kaniko',
  title: 'Kaniko',
  description: 'A Dockerfile, built in a pod.',
  target: { command: 'kaniko' },
  ...more,
});

type Files = Readonly<Record<string, unknown>>;

function write(tree: Tree, files: Files) {
  for (const [path, content] of Object.entries(files)) {
    tree.write(
      path,
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  }
  return tree;
}

const PACKAGE = 'node_modules/@acme/recipes';
const INSTALLED: Files = {
  'package.json': {
    devDependencies: { '@acme/recipes': '1.0.0', nx: '23.0.0', gone: '1' },
  },
  [`${PACKAGE}/package.json`]: {
    name: '@acme/recipes',
    'nx-slipway': { recipes: './recipes' },
  },
  [`${PACKAGE}/recipes/kaniko/recipe.json`]: kaniko({
    detect: [{ files: ['Dockerfile'] }],
  }),
  [`${PACKAGE}/recipes/README.md`]: '',
  [`${PACKAGE}/recipes/shared/note.txt`]: '',
  'node_modules/nx/package.json': { name: 'nx' },
  'node_modules/other/package.json': { 'nx-slipway': { recipes: 'r' } },
  'node_modules/other/r/kaniko/recipe.json': kaniko(),
};

const tree = (more: Files = {}) =>
  write(createTreeWithEmptyWorkspace(), { ...INSTALLED, ...more });

describe('recipes of other packages', () => {
  it('are those that the workspace names itself, before ours', () => {
    expect(readRecipes(tree()).map(({ name }) => name)).toEqual([
      '@acme/recipes:kaniko',
      ...recipes().map(({ name }) => name),
    ]);
  });

  it('are found by the name of their package, also if nobody names that', () => {
    expect(findRecipe('@acme/recipes:kaniko', tree()).title).toBe('Kaniko');
    expect(findRecipe('other:kaniko', tree()).title).toBe('Kaniko');
  });

  it.each([
    ['@acme/recipes:kanika', /there is no recipe/],
    ['missing:kaniko', /no package "missing" with recipes/],
    ['nx:kaniko', /no package "nx" with recipes/],
    ['../../etc:passwd', /no package "\.\.\/\.\.\/etc"/],
    ['@acme/../../x:kaniko', /no package/],
    ['.:kaniko', /no package "\."/],
  ])('are not made up: %s', (name, message) => {
    expect(() => findRecipe(name, tree())).toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID', message),
    );
  });

  it.each([
    [
      'a broken recipe',
      { [`${PACKAGE}/recipes/kaniko/recipe.json`]: '{' },
      /^@acme\/recipes\/recipes\/kaniko\/recipe\.json is no JSON/,
    ],
    [
      'no folder',
      { [`${PACKAGE}/package.json`]: { 'nx-slipway': { recipes: 1 } } },
      /package\.json: nx-slipway\.recipes is no folder/,
    ],
    [
      'a folder of another package',
      {
        [`${PACKAGE}/package.json`]: {
          'nx-slipway': { recipes: '../../other/r' },
        },
      },
      /"\.\.\/\.\.\/other\/r" leaves the package/,
    ],
    [
      'an absolute folder',
      { [`${PACKAGE}/package.json`]: { 'nx-slipway': { recipes: '/etc' } } },
      /"\/etc" leaves the package/,
    ],
    [
      'a template outside of its folder',
      {
        [`${PACKAGE}/recipes/kaniko/recipe.json`]: kaniko({
          files: [{ template: '../../../package.json', path: 'a' }],
        }),
      },
      /leaves the package/,
    ],
  ])(
    'are refused with %s, and ours can be named all the same',
    (_, files, message) => {
      expect(() => readRecipes(tree(files))).toThrow(
        slipwayError('SLIPWAY_E_RECIPE', message),
      );
      expect(findRecipe('docker', tree(files)).name).toBe('docker');
    },
  );

  it('may not be links that lead out of the package', () => {
    writeFileSync(folder.at('secret'), 'x');
    disk({
      ...INSTALLED,
      [`${PACKAGE}/recipes/kaniko/recipe.json`]: kaniko({
        files: [{ template: 'a', path: 'a' }],
      }),
    });
    mkdirSync(folder.at(PACKAGE, 'recipes/kaniko/files'));
    symlinkSync(
      folder.at('secret'),
      folder.at(PACKAGE, 'recipes/kaniko/files/a'),
    );
    expect(() => readRecipes(new FsTree(folder.path, false))).toThrow(
      slipwayError('SLIPWAY_E_RECIPE', /leaves the package/),
    );
  });

  it('may stand where a link leads that is the package itself', () => {
    disk({ 'package.json': INSTALLED['package.json'] });
    const store = folder.at('node_modules/.store/recipes');
    mkdirSync(join(store, 'recipes/kaniko'), { recursive: true });
    writeFileSync(
      join(store, 'package.json'),
      JSON.stringify(INSTALLED[`${PACKAGE}/package.json`]),
    );
    writeFileSync(
      join(store, 'recipes/kaniko/recipe.json'),
      JSON.stringify(kaniko()),
    );
    mkdirSync(folder.at('node_modules/@acme'));
    symlinkSync(store, folder.at(PACKAGE));
    const [first] = readRecipes(new FsTree(folder.path, false));
    expect(first?.name).toBe('@acme/recipes:kaniko');
  });
});

function disk(files: Files) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(folder.at(path)), { recursive: true });
    writeFileSync(
      folder.at(path),
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  }
}
