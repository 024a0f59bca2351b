/** Variables, which a formula could be taken for, and paths that Markdown would read. */
const CODE = /\$\{?\w+\}?|\{workspaceRoot\}[\w./-]*\w|\[\[registry\]\]/g;
const BETWEEN_TICKS = /(`[^`]*`)/;

/** Text of a recipe as Markdown shows it as it is, in a table, too. */
export function inText(text: string): string {
  return outside(
    outside(text, (part) => part.replace(CODE, '`$&`')),
    (part) => part.replace(/[|*<\\]/g, '\\$&'),
  );
}

/** Changes what does not stand between backticks. */
function outside(text: string, change: (part: string) => string): string {
  return text
    .split(BETWEEN_TICKS)
    .map((part) => (part.startsWith('`') ? part : change(part)))
    .join('');
}
