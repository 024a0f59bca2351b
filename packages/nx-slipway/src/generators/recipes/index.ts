export { BUILDERS, recipes } from './builtin';
export { candidates } from './detect';
export type { Candidate } from './detect';
export { fillRecipe, namesOf } from './fill-recipe';
export type { FilledRecipe, RecipeValues } from './fill-recipe';
export { findRecipe, readRecipes } from './find-recipe';
export { projectFiles } from './project-files';
export type { ProjectFiles } from './project-files';
export type { Question, Recipe, RecipeFile, Tool } from './recipe';
