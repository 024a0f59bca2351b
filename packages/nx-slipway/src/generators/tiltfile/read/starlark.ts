/** Functions of Starlark: they do nothing, what they are given may. */
export const STARLARK = new Set(
  `abs all any bool bytes chr dict dir enumerate float getattr hasattr hash int
  len list max min ord range repr reversed set sorted str struct tuple type
  zip`.split(/\s+/),
);
