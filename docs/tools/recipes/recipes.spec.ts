import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import {
  fillRecipe,
  readRecipes,
} from '../../../packages/nx-slipway/src/generators/recipes';
import { REPOSITORY } from '../page';
import { fillRecipes, missingRecipes } from './fill';
import { PAGE } from './page';

const text = readFileSync(join(REPOSITORY, PAGE), 'utf8');

describe(PAGE, () => {
  it('says of each recipe what it writes (else: npx nx run docs:recipes)', () => {
    expect(text).toBe(fillRecipes(text));
  });

  it('leaves none of our recipes out', () => {
    expect(missingRecipes(text)).toEqual([]);
  });

  it('shows a recipe that a package can bring', () => {
    const [, example] =
      /<!-- example -->\n```json\n([^]*?)```/.exec(text) ?? [];
    const tree = createTreeWithEmptyWorkspace();
    tree.write(
      'package.json',
      JSON.stringify({ devDependencies: { '@acme/recipes': '1.0.0' } }),
    );
    const folder = 'node_modules/@acme/recipes';
    tree.write(
      `${folder}/package.json`,
      JSON.stringify({ 'nx-slipway': { recipes: './recipes' } }),
    );
    tree.write(`${folder}/recipes/kaniko/recipe.json`, example ?? '');
    tree.write(`${folder}/recipes/kaniko/files/kaniko.env`, 'SIZE=small\n');
    const [recipe] = readRecipes(tree);
    expect(recipe?.name).toBe('@acme/recipes:kaniko');
    const filled =
      recipe &&
      fillRecipe(recipe, {
        ...{ name: 'web', ref: 'web', projectRoot: 'apps/web' },
        answers: { size: 'large' },
      });
    expect(filled?.options.command).toContain('acme.dev/kaniko:large');
    expect(filled?.options.timeout).toBe('30m');
  });
});
