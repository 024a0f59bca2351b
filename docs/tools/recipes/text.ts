/** Variables, which a formula could be taken for, and paths that Markdown would read. */
const CODE = /\$\{?\w+\}?|\{workspaceRoot\}[\w./-]*\w|\[\[registry\]\]/g;

/** Text of a recipe as Markdown shows it as it is, in a table, too. */
export function inText(text: string): string {
  return text
    .replace(CODE, '`$&`')
    .split(/(`[^`]*`)/)
    .map((part) =>
      part.startsWith('`') ? part : part.replace(/[|*<\\]/g, '\\$&'),
    )
    .join('');
}
