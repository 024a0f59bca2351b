/** A piece of a line in one colour. */
export interface Segment {
  readonly text: string;
  /** From 0, of its first character. */
  readonly column: number;
  /** A name of a colour; none is the terminal's own. */
  readonly color?: Color;
  readonly isBold: boolean;
  readonly isDim: boolean;
}

export type Color = (typeof COLORS)[number];

export const COLORS = [
  ...(['black', 'red', 'green', 'yellow'] as const),
  ...(['blue', 'magenta', 'cyan', 'white'] as const),
] as const;

const SEQUENCE = /\u001b\[([\d;]*)([A-Za-z])/g;

type Style = Omit<Segment, 'text' | 'column'>;

const PLAIN: Style = { isBold: false, isDim: false };

/** A line of a terminal, as far as colours go; all that moves is left out. */
export function segmentsOf(line: string): Segment[] {
  const segments: Segment[] = [];
  let style = PLAIN;
  let column = 0;
  let at = 0;
  const add = (text: string) => {
    if (text === '') return;
    segments.push({ ...style, text, column });
    column += [...text].length;
  };
  for (const match of line.matchAll(SEQUENCE)) {
    add(line.slice(at, match.index));
    at = match.index + match[0].length;
    const [, codes = '', command] = match;
    if (command === 'm') style = codes.split(';').reduce(styled, style);
  }
  add(line.slice(at));
  return segments;
}

/** https://en.wikipedia.org/wiki/ANSI_escape_code#Select_Graphic_Rendition_parameters */
function styled(style: Style, code: string): Style {
  const number = Number(code);
  const color = COLORS[number % 10];
  if (number === 0) return PLAIN;
  if (number === 1) return { ...style, isBold: true };
  if (number === 2) return { ...style, isDim: true };
  if (number === 22) return { ...style, isBold: false, isDim: false };
  if (number === 39) return { ...style, color: undefined };
  if (number === 90) return { ...style, isDim: true, color: undefined };
  const isColor = (number >= 30 && number < 38) || (number > 90 && number < 98);
  return isColor ? { ...style, color } : style;
}
