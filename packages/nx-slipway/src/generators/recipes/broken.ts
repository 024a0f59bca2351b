import { SlipwayError } from '../../report';

/** A recipe that cannot mean anything. @param where the file, and the key in it */
export function broken(where: string, what: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_RECIPE',
    message: `${where} ${what}.`,
    hint: 'recipe.schema.json in nx-slipway/src/generators/recipes says what a recipe may hold. One of another package is for its authors to mend.',
  });
}
