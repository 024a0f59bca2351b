export const MASK = '***';

export interface Masked {
  readonly text: string;
  /** How many characters after `end` the last mask stands for too. */
  readonly beyond: number;
}

/**
 * Masks every secret that begins before `end`, even where secrets overlap: what
 * they cover together is masked as one, so that nothing of the second is left.
 * @param before how many characters at the start a mask that is written
 *   already stands for
 */
export function mask(
  text: string,
  secrets: readonly string[],
  end = text.length,
  before = 0,
): Masked {
  let clean = '';
  let done = before;
  for (const span of spansOf(text, secrets)) {
    if (span.start >= end) break;
    if (span.start >= done) clean += text.slice(done, span.start) + MASK;
    done = Math.max(done, span.end);
  }
  if (done >= end) return { text: clean, beyond: done - end };
  return { text: clean + text.slice(done, end), beyond: 0 };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where secrets are, in the order of their starts; they may overlap. */
function spansOf(text: string, secrets: readonly string[]): Span[] {
  const spans: Span[] = [];
  for (const secret of secrets) {
    let start = text.indexOf(secret);
    while (start >= 0 && secret !== '') {
      const end = endOfChain(text, secret, start);
      spans.push({ start, end });
      start = text.indexOf(secret, end);
    }
  }
  return spans.sort((a, b) => a.start - b.start);
}

/**
 * Where the last of the occurrences ends that overlap one another from `start`
 * on: `aaaa` is thirteen times in sixteen `a`. It goes from each to the last
 * that overlaps it, since a step to the next would make that quadratic.
 */
function endOfChain(text: string, secret: string, start: number): number {
  let last = start;
  for (;;) {
    const next = text.lastIndexOf(secret, last + secret.length - 1);
    if (next === last) return last + secret.length;
    last = next;
  }
}
