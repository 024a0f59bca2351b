/** A part of a text, and what takes its place. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * None may lie within another. Of those that put something in at one place, the
 * first comes first.
 */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const inOrder = [...splices].sort(
    (a, b) => a.start - b.start || a.end - b.end,
  );
  let done = 0;
  let result = '';
  for (const splice of inOrder) {
    result += text.slice(done, splice.start) + splice.text;
    done = splice.end;
  }
  return result + text.slice(done);
}
