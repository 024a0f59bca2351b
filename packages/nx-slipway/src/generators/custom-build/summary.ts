import type { FilledRecipe, Recipe, Tool } from '../recipes';

export interface Summed {
  readonly project: string;
  readonly target: string;
  readonly recipe: Recipe;
  /** That spoke for the recipe, where nobody named it. */
  readonly file?: string;
  readonly filled: FilledRecipe;
  readonly isLive: boolean;
  /** Files that were there before. */
  readonly kept: readonly string[];
  readonly missing: readonly Tool[];
}

/** What people are told in the end: what was chosen, what to know, what comes next. */
export function summary(summed: Summed): string[] {
  const { project, target, recipe, file, filled } = summed;
  const why = file ? `, because of ${file}` : '';
  return [
    '',
    `${project}:${target} builds ${String(filled.options.ref)} by ${recipe.title} (--builder=${recipe.name}${why}).`,
    `  ${String(filled.options.command)}`,
    ...(summed.isLive
      ? ['  liveUpdate: nx serve brings what is saved into running containers.']
      : []),
    ...filled.dependsOn.map(
      (name) =>
        `- ${project}:${name} runs before it: the image is made of its output.`,
    ),
    ...summed.kept.map((path) => `- ${path} was there, and stays as it is.`),
    ...summed.missing.map(
      ({ program, get }) => `- ${program} is not on the PATH: ${get}`,
    ),
    ...filled.notes.map((note) => `- ${note}`),
    '',
    `Next: npx nx run ${project}:${target}`,
  ];
}
