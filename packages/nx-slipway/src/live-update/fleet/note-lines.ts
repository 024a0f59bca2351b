/** What containers were touched where, as it stands on disk: one line each. */
export type NoteLine =
  | { readonly kind: 'pod'; readonly uid: string }
  /** They are counted on from those of the lines before. */
  | { readonly kind: 'paths'; readonly paths: readonly string[] }
  | {
      readonly kind: 'touched';
      readonly uid: string;
      readonly container: string;
      /** Numbers of paths, ascending. */
      readonly numbers: readonly number[];
    };

const HEADER = '["nx-slipway live-update",1]\n';
/** All that lines may name together: some hundred pods of ten thousand files. */
const MOST_NUMBERS = 2_000_000;
const LONGEST_NAME = 300;
const LEADS_AWAY = /(?:^|\/)\.{1,2}(?:\/|$)|\0/;

export function formatNotes(lines: readonly NoteLine[]): string {
  return HEADER + formatLines(lines);
}

export function formatLines(lines: readonly NoteLine[]): string {
  return lines.map((line) => `${JSON.stringify(fieldsOf(line))}\n`).join('');
}

function fieldsOf(line: NoteLine): readonly unknown[] {
  switch (line.kind) {
    case 'pod':
      return [line.kind, line.uid];
    case 'paths':
      return [line.kind, ...line.paths];
    case 'touched':
      return [line.kind, line.uid, line.container, ...rangesOf(line.numbers)];
  }
}

/** `[0, 1, 2, 7]` -> `[0, 3, 7, 8]`: containers are touched alike. */
function rangesOf(numbers: readonly number[]): number[] {
  const ranges: number[] = [];
  for (const number of numbers) {
    if (ranges.at(-1) === number) ranges.splice(-1, 1, number + 1);
    else ranges.push(number, number + 1);
  }
  return ranges;
}

/**
 * Reads what anybody may have written. A last line that was not written to its
 * end does not count: what it was to announce was not begun.
 * @returns undefined if anything else in it could not be ours
 */
export function parseNotes(text: string): NoteLine[] | undefined {
  if (!text.startsWith(HEADER)) return undefined;
  const written = text.slice(HEADER.length, text.lastIndexOf('\n') + 1);
  const lines: NoteLine[] = [];
  const count = { paths: 0, numbers: 0 };
  for (const each of written.split('\n').slice(0, -1)) {
    const line = parseLine(each, count.paths);
    if (!line) return undefined;
    if (line.kind === 'paths') count.paths += line.paths.length;
    if (line.kind === 'touched') count.numbers += line.numbers.length;
    if (count.numbers > MOST_NUMBERS) return undefined;
    lines.push(line);
  }
  return lines;
}

/** @param known how many paths came before */
function parseLine(text: string, known: number): NoteLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value)) return undefined;
  const [kind, ...fields] = value as readonly unknown[];
  if (kind === 'paths' && fields.every(isPath)) return { kind, paths: fields };
  const [uid, container, ...ranges] = fields;
  if (!isName(uid)) return undefined;
  if (kind === 'pod' && fields.length === 1) return { kind, uid };
  if (kind !== 'touched' || !isName(container)) return undefined;
  const numbers = numbersIn(ranges, known);
  return numbers && { kind, uid, container, numbers };
}

function numbersIn(
  ranges: readonly unknown[],
  known: number,
): number[] | undefined {
  const numbers: number[] = [];
  for (let index = 0; index < ranges.length; index += 2) {
    const [from, to] = ranges.slice(index, index + 2);
    const next = (numbers.at(-1) ?? -1) + 1;
    if (!isCount(from) || !isCount(to)) return undefined;
    if (from < next || to <= from || to > known) return undefined;
    for (let number = from; number < to; number += 1) numbers.push(number);
  }
  return numbers;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST_NAME;
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && !LEADS_AWAY.test(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
