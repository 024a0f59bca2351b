import { stripVTControlCharacters } from 'node:util';

/** In characters: more of a line is not shown. */
const MAX_LENGTH = 8 * 1024;
/** Colours and weights, the only sequences that are let through: ECMA-48, SGR. */
const SGR = /(\u001b\[[\d;:]*m)/;
/** All but the tab; with those that turn the order of a line's characters. */
const CONTROL = /[^\P{Cc}\t]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const RESET = '\u001b[0m';

/**
 * A line that others wrote, so that it stays one line and moves no cursor. Of
 * progress that is written over with `\r` the last is kept. Colours are left if
 * there are any at all, and end with the line.
 */
export function foreignText(line: string, isColored: boolean): string {
  const last =
    line
      .split('\r')
      .filter((part) => part !== '')
      .at(-1) ?? '';
  const text =
    last.length > MAX_LENGTH ? `${last.slice(0, MAX_LENGTH)}…` : last;
  if (!isColored) return plain(text);
  // Split by a pattern in brackets: each second part is a sequence.
  const parts = text.split(SGR);
  if (parts.length === 1) return plain(text);
  const shown = parts.map((part, index) => (index % 2 ? part : plain(part)));
  return `${shown.join('')}${RESET}`;
}

function plain(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROL, '');
}
