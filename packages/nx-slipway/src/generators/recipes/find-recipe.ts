import type { Tree } from '@nx/devkit';
import { nearest, SlipwayError } from '../../report';
import { recipes } from './builtin';
import { installedRecipes, recipesOf } from './installed';
import type { Recipe } from './recipe';

/**
 * All that a project can be built by: who installs recipes means them, so they
 * come before our own.
 * @throws SLIPWAY_E_RECIPE for one of another package that is broken
 */
export function readRecipes(tree: Tree): readonly Recipe[] {
  return [...installedRecipes(tree), ...recipes()];
}

/**
 * @param name of ours, or `PACKAGE:NAME`, for which `tree` is needed
 * @throws SLIPWAY_E_OPTION_INVALID where there is none
 * @throws SLIPWAY_E_RECIPE for one that is broken
 */
export function findRecipe(name: string, tree?: Tree): Recipe {
  const colon = name.lastIndexOf(':');
  const known =
    tree && colon > 0 ? ofPackage(tree, name.slice(0, colon)) : recipes();
  const found = known.find((recipe) => recipe.name === name);
  if (found) return found;
  const names = known.map((recipe) => recipe.name);
  const near = nearest(name, names);
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `there is no recipe "${name}".`,
    hint: `${near ? `Did you mean ${near}? ` : ''}The recipes are ${names.join(', ')}.`,
  });
}

function ofPackage(tree: Tree, name: string): readonly Recipe[] {
  const found = recipesOf(tree, name);
  if (found && found.length > 0) return found;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `node_modules has no package "${name}" with recipes.`,
    hint: `Install it, if it is not: npm install --save-dev ${name}. Its package.json says where they are: "nx-slipway": { "recipes": "./recipes" }.`,
  });
}
