import { stripVTControlCharacters } from 'node:util';
import type { Shown } from './svg';

/** The longest that nothing happens: who watches has seen that it takes time. */
const LONGEST_MS = 1600;

/** What builds print, and Nx about itself, which is no part of the story. */
const LEFT_OUT = /^(?:\S+: )?[\w-]+ \| |^\s*NX |^\s*[—-]{3,}|^\s*$/;

/**
 * Lines as they are shown to people: without what builds print, digests as
 * short as people read them, no longer than a terminal is wide.
 * @param names what is another here than for readers: host names, contexts
 */
export function tidied(
  lines: readonly Shown[],
  columns: number,
  names: readonly (readonly [from: string, to: string])[],
): Shown[] {
  let last = 0;
  let at = 0;
  return lines
    .filter(({ text }) => !LEFT_OUT.test(stripVTControlCharacters(text)))
    .map((line) => {
      at += Math.min(Math.max(line.at - last, 0), LONGEST_MS);
      last = line.at;
      const renamed = names.reduce(
        (text, [from, to]) => text.replaceAll(from, to),
        line.text,
      );
      const short = renamed.replace(/(sha256:[0-9a-f]{8})[0-9a-f]{56}/g, '$1…');
      return { at, text: cut(short, columns) };
    });
}

/** Escape sequences take no room, and are kept. */
function cut(line: string, columns: number): string {
  if ([...stripVTControlCharacters(line)].length <= columns) return line;
  let room = columns - 1;
  const parts = line.split(/(\u001b\[[\d;]*[A-Za-z])/);
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return part;
      const kept = [...part].slice(0, room);
      const isCut = kept.length === room && room > 0;
      room -= kept.length;
      return kept.join('') + (isCut ? '…' : '');
    })
    .join('');
}
