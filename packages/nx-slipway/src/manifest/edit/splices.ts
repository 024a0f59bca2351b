/** A part of a text, and what takes its place. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * What lies within another is part of it, less what is put in at its ends. Of
 * two of the same part the first counts.
 */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const outer = splices.filter(
    (one, index) =>
      !splices.some(
        (other, at) => other !== one && holds(other, one, at < index),
      ),
  );
  const inOrder = [...outer].sort((a, b) => a.start - b.start || a.end - b.end);
  let done = 0;
  let result = '';
  for (const splice of inOrder) {
    result += text.slice(done, splice.start) + splice.text;
    done = splice.end;
  }
  return result + text.slice(done);
}

function holds(outer: Splice, inner: Splice, isFirst: boolean): boolean {
  if (outer.start === outer.end) return false;
  if (inner.start === inner.end) {
    return outer.start < inner.start && inner.start < outer.end;
  }
  const isSame = outer.start === inner.start && outer.end === inner.end;
  const isWithin = outer.start <= inner.start && inner.end <= outer.end;
  return isWithin && (!isSame || isFirst);
}
