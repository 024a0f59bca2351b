/** How programs begin what they say to people. */
const SAID =
  /^\[?(?:warn(?:ing)?|err(?:or)?|info|notice|debug|fatal|deprecat(?:ed|ion)(?: warning)?)\]?[:\s]/i;
/** No field of an object begins with a capital, which would be one of its own. */
const CAPITAL_KEY = /^[A-Z][^"'{}]*?:(?:\s|$)/;

/**
 * A line of what a tool printed that is meant for people. `Warning: old` before
 * or after an object would be one more field of it, and no error of YAML.
 * @returns undefined if there is none; line numbers are from 1
 */
export function strayLine(
  text: string,
): { readonly number: number; readonly text: string } | undefined {
  const lines = text.split(/\r?\n/);
  const index = lines.findIndex(
    (line) => SAID.test(line) || CAPITAL_KEY.test(line),
  );
  const line = lines[index];
  return line === undefined ? undefined : { number: index + 1, text: line };
}
