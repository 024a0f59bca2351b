/** What a table says of a name, and never what all objects have: `constructor`. */
export const own = <T>(
  table: Readonly<Record<string, T>>,
  name: string,
): T | undefined => (Object.hasOwn(table, name) ? table[name] : undefined);
