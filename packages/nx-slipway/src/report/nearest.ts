/**
 * The name that somebody who wrote `word` most likely meant. How words are
 * joined does not count: Tilt has `skips_local_docker`.
 * @returns undefined if none is near: a third of its letters may differ
 */
export function nearest(
  word: string,
  names: readonly string[],
): string | undefined {
  const [best] = names
    .map((name) => ({ name, distance: editDistance(plain(word), plain(name)) }))
    .filter(({ name, distance }) => distance <= Math.ceil(name.length / 3))
    .sort((a, b) => a.distance - b.distance);
  return best?.name;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[_-]/g, '');
}

/** Levenshtein's: letters put in, taken out or replaced. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column++) {
      const replaced = at(row, column - 1) + (letter === b[column - 1] ? 0 : 1);
      const shifted = Math.min(at(row, column), at(next, column - 1)) + 1;
      next.push(Math.min(replaced, shifted));
    }
    row = next;
  }
  return at(row, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
