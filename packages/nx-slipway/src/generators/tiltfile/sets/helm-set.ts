/**
 * `--set` of Helm as values by their paths; none for what cannot be written so:
 * an item of a list.
 */
export function helmSet(
  texts: readonly string[],
): Record<string, unknown> | undefined {
  const set: Record<string, unknown> = {};
  for (const part of texts.flatMap(parts)) {
    const at = part.indexOf('=');
    const path = part.slice(0, at);
    if (at < 1 || /[[\]]/.test(path)) return undefined;
    set[path] = valueOf(part.slice(at + 1));
  }
  return set;
}

/** At commas that are neither escaped nor within braces. */
function parts(text: string): string[] {
  return text.match(/(?:\\.|\{[^}]*\}|[^,\\{]|\{)+/g) ?? [];
}

function valueOf(text: string): unknown {
  const list = /^\{(.*)\}$/.exec(text)?.[1];
  if (list !== undefined) {
    return list === '' ? [] : list.split(',').map((each) => valueOf(each));
  }
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  // As Helm reads them: what begins with 0 is a text.
  if (/^-?(0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  return text.replace(/\\(.)/g, '$1');
}
