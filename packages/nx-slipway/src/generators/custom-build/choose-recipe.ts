import type { Tree } from '@nx/devkit';
import { SlipwayError } from '../../report';
import {
  candidates,
  findRecipe,
  namesOf,
  readRecipes,
  type Candidate,
  type ProjectFiles,
  type RecipeValues,
} from '../recipes';

/** The answer of a person who leaves it to the files. */
export const AUTO = 'auto';

/**
 * The recipe that is named, else the first that the project's files are for.
 * @throws SLIPWAY_E_OPTION_INVALID where there is none
 * @throws SLIPWAY_E_RECIPE for one of another package that is broken
 */
export function chooseRecipe(
  tree: Tree,
  builder: string | undefined,
  values: RecipeValues & { readonly files: ProjectFiles },
): Candidate {
  if (builder && builder !== AUTO) {
    return { recipe: findRecipe(builder, tree) };
  }
  const all = readRecipes(tree);
  const [first] = candidates(all, values.files, namesOf(values));
  if (first) return first;
  throw new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `no file in ${values.projectRoot} tells what builds the image of ${values.name}: there is no Dockerfile, no go.mod, nothing that a recipe looks for.`,
    hint: `Say it by --builder: ${all.map(({ name }) => name).join(', ')}.`,
  });
}
