const MAX_QUOTED = 100;
/** What a terminal acts on, or does not show: controls, formats, line ends. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * Text of somebody else's, fit for a message of ours: in double quotes, at most
 * 100 characters of it, with control characters escaped, so that it can
 * neither flood a terminal nor drive it.
 */
export function quote(text: string): string {
  // A character is two units at most, so that a huge text is not spread out.
  const characters = [...text.slice(0, 2 * MAX_QUOTED + 2)];
  const isCut = characters.length > MAX_QUOTED;
  const shown = characters.slice(0, MAX_QUOTED).join('');
  const escaped = JSON.stringify(shown).replace(
    UNPRINTABLE,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return isCut ? `${escaped.slice(0, -1)}..."` : escaped;
}
