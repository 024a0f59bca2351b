import { matchOf } from './conditions';
import type { Names } from './fill-text';
import type { ProjectFiles } from './project-files';
import type { Recipe } from './recipe';

export interface Candidate {
  readonly recipe: Recipe;
  /** The file that speaks for it. */
  readonly file?: string;
}

/** The recipes that a project's files are for, the likeliest first. */
export function candidates(
  recipes: readonly Recipe[],
  files: ProjectFiles,
  names: Names,
): Candidate[] {
  return recipes.flatMap((recipe) => {
    for (const condition of recipe.detect) {
      const match = matchOf(condition, files, names);
      if (match) return [{ recipe, file: match.file }];
    }
    return [];
  });
}
