/**
 * Text that others wrote, on one line: it moves no cursor and makes no second
 * line, and no escape sequence of it reaches the terminal.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
}
