/** What `{{name}}` stands for. */
export type Names = Readonly<Record<string, string>>;

/**
 * Puts values in the place of `{{name}}`. Nothing in a place takes the blank
 * before it along: `build {{arguments}} .` is `build .` without any.
 */
export function fillText(text: string, names: Names): string {
  return text.replace(
    /( ?)\{\{(\w+)\}\}/g,
    (whole, blank: string, name: string) => {
      const value = names[name];
      if (value === undefined) return whole;
      return value === '' ? '' : `${blank}${value}`;
    },
  );
}

/**
 * The same for all texts of a JSON value. Of an object and a list, those are
 * left out that nothing is left of.
 */
export function fillAll(value: unknown, names: Names): unknown {
  if (typeof value === 'string') return fillText(value, names);
  if (Array.isArray(value)) {
    return value
      .map((entry: unknown) => fillAll(entry, names))
      .filter((entry) => entry !== '');
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, entry]) => [key, fillAll(entry, names)] as const)
      .filter(([, entry]) => entry !== ''),
  );
}

/** `$1` and its kin, of a match. */
export function fillGroups(value: unknown, groups: readonly string[]): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$(\d)/g, (whole, digit: string) => {
      const group = groups[Number(digit)];
      return group ?? whole;
    });
  }
  if (Array.isArray(value)) {
    return value.map((entry: unknown) => fillGroups(entry, groups));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      fillGroups(entry, groups),
    ]),
  );
}
