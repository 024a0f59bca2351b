const PLAIN = /^[\w%+,./:@-]+$/;

/**
 * Words that no sh reads as anything else, on one line: a line end is the
 * receiver's `$nl`.
 */
export function shellWords(...words: readonly string[]): string {
  return words.map(quoted).join(' ');
}

function quoted(word: string): string {
  if (PLAIN.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`).replaceAll('\n', `'"$nl"'`)}'`;
}
