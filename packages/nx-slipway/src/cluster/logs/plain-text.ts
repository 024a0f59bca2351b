import { stripVTControlCharacters } from 'node:util';

/** Select Graphic Rendition: colours, bold and the like (ECMA-48, 8.3.117). */
const COLOURS = /(\u001b\[[\d;:]*m)/;
/** As xterm ends them; what Node takes away ends with these, too. */
const STRINGS =
  /\u001b[\]PX^_][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)/g;
const CONTROLS = /(?!\t)\p{Cc}/gu;

/**
 * A line that a program wrote, with nothing in it that moves the cursor, makes
 * another line or asks something of the terminal. Colours and tabs stay; what
 * the program wrote over a line again comes after it.
 */
export function plainText(line: string): string {
  const whole = line.replace(/\r+$/, '').replace(STRINGS, '');
  // Every other part is a colour.
  return whole
    .split(COLOURS)
    .map((part, index) => (index % 2 === 1 ? part : withoutControls(part)))
    .join('');
}

function withoutControls(text: string): string {
  const spaced = text.replace(/\r+/g, ' ');
  return stripVTControlCharacters(spaced).replace(CONTROLS, '');
}
