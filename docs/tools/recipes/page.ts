/** Where every recipe has a section. */
export const PAGE = 'docs/recipes.md';
