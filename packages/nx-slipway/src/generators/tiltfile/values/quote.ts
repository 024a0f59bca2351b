const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A word of a command for the shell. */
export const quoted = (word: string): string =>
  PLAIN.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`;
