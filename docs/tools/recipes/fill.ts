import {
  findRecipe,
  recipes,
} from '../../../packages/nx-slipway/src/generators/recipes';
import { fieldsTable } from './fields';
import { sectionOf } from './section';

const SECTION = /(<!-- recipe: (\S+) -->\n)[^]*?(<!-- \/recipe -->)/g;

const FIELDS = /(<!-- recipe-fields -->\n)[^]*?(<!-- \/recipe-fields -->)/;

/** A page with each recipe, and the fields of one, between its markers as recipe.json and the schema have it. */
export function fillRecipes(text: string): string {
  return text
    .replace(
      SECTION,
      (_whole, begin: string, name: string, end: string) =>
        `${begin}\n${sectionOf(findRecipe(name))}\n\n${end}`,
    )
    .replace(
      FIELDS,
      (_whole, begin: string, end: string) =>
        `${begin}\n${fieldsTable()}\n\n${end}`,
    );
}

/** Recipes of ours that a page has no marker for. */
export function missingRecipes(text: string): string[] {
  const there = [...text.matchAll(SECTION)].map(([, , name]) => name);
  return recipes()
    .map(({ name }) => name)
    .filter((name) => !there.includes(name));
}
