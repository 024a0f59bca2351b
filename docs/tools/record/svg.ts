import { COLORS, segmentsOf, type Color, type Segment } from './ansi';

/** A line that a terminal showed. */
export interface Shown {
  /** When, in milliseconds from the start. */
  readonly at: number;
  /** With the escape sequences of its colours. */
  readonly text: string;
}

/** How many characters a line has, and what one of them measures. */
export const COLUMNS = 108;
const WIDTH = 7.8;
const HEIGHT = 19;
const PAD = 16;
const BAR = 30;
/** How long all of it stands before it begins anew. */
const REST_MS = 6000;

/** Legible on the terminal's own dark ground, on pages of either colour. */
const INK: Readonly<Record<Color, string>> = {
  black: '#6e7681',
  red: '#ff7b72',
  green: '#56d364',
  yellow: '#e3b341',
  blue: '#79c0ff',
  magenta: '#d2a8ff',
  cyan: '#76e3ea',
  white: '#f0f6fc',
};

/**
 * A terminal in which the lines appear one after the other, over and over.
 * Who shows no animations shows all lines.
 */
export function svgOf(lines: readonly Shown[], title: string): string {
  const width = Math.round(COLUMNS * WIDTH + 2 * PAD);
  const height = BAR + lines.length * HEIGHT + PAD;
  const total = (lines.at(-1)?.at ?? 0) + REST_MS;
  const rows = lines.map(({ text }, index) => row(text, index));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
<style>
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;fill:#c9d1d9;white-space:pre}
.b{font-weight:600}.d{fill:#8b949e}
${COLORS.map((name) => `.${name}{fill:${INK[name]}}`).join('')}
@media (prefers-reduced-motion:no-preference){
${lines.map(({ at }, index) => animation(at / total, index, total)).join('\n')}
}
</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117" stroke="#30363d"/>
${['#ff5f57', '#febc2e', '#28c840'].map((color, index) => `<circle cx="${PAD + 4 + 18 * index}" cy="16" r="5" fill="${color}"/>`).join('')}
${rows.join('\n')}
</svg>
`;
}

function animation(share: number, index: number, total: number): string {
  // The first is there from the start: a picture is never empty.
  if (share === 0) return '';
  const percent = Number((share * 100).toFixed(2));
  return `#l${index}{animation:k${index} ${total}ms step-end infinite}@keyframes k${index}{0%{visibility:hidden}${percent}%{visibility:visible}}`;
}

function row(text: string, index: number): string {
  const y = BAR + (index + 1) * HEIGHT - 5;
  const parts = segmentsOf(text).map(span).join('');
  return `<text id="l${index}" y="${y}">${parts}</text>`;
}

/** Each has a place of its own: not all fonts are as wide. */
function span({ text, column, color, isBold, isDim }: Segment): string {
  const blanks = text.length - text.trimStart().length;
  const x = Number((PAD + (column + blanks) * WIDTH).toFixed(1));
  const names = [color, isBold ? 'b' : '', isDim ? 'd' : ''].filter(Boolean);
  const style = names.length > 0 ? ` class="${names.join(' ')}"` : '';
  if (text.trim() === '') return '';
  return `<tspan x="${x}"${style}>${escaped(text.trimStart())}</tspan>`;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
