/** One document of a text, by its offsets. */
export interface DocumentSpan {
  readonly start: number;
  readonly end: number;
}

/** What stands where two documents part, and is no part of either. */
export interface SeparatorFault {
  readonly offset: number;
  readonly what: string;
}

/** kubectl ends a line here at LF alone, and not at all that JavaScript does. */
const SEPARATOR = /(?<=^|\n)---([^\n]*)/g;
const ONLY_COMMENT = /^\s*(?:#.*)?$/;

/**
 * Parts a text as kubectl does before it parses any YAML (YAMLOrJSONDecoder and
 * YAMLReader of apimachinery's util/yaml): at each line that begins with `---`,
 * wherever it stands. A text that begins with JSON objects is parted at the end
 * of each. After one such object YAML may follow, after several only JSON.
 * @returns the fault instead, if there is more than a comment on a line that
 *   parts, or no JSON where only JSON may be
 */
export function splitDocuments(
  text: string,
): readonly DocumentSpan[] | SeparatorFault {
  // With a byte order mark before it, kubectl takes no text for JSON.
  const bom = text.startsWith('\uFEFF') ? 1 : 0;
  const json = bom ? [] : jsonSpans(text);
  const from = json.at(-1)?.end ?? bom;
  const rest = text.slice(from);
  if (json.length > 0 && rest.trim() === '') return json;
  if (json.length > 1) {
    const [line = ''] = rest.trim().split('\n', 1);
    return {
      offset: from + rest.length - rest.trimStart().length,
      what: `after several objects of JSON stands ${JSON.stringify(line)}, where kubectl wants JSON too`,
    };
  }
  const yaml = yamlSpans(rest, from);
  return 'offset' in yaml ? yaml : [...json, ...yaml];
}

/** @param base offset of it in its text */
function yamlSpans(text: string, base: number) {
  const spans: DocumentSpan[] = [];
  let from = 0;
  for (const match of text.matchAll(SEPARATOR)) {
    const [line, rest = ''] = match;
    if (!ONLY_COMMENT.test(rest)) {
      return {
        offset: base + match.index + 3,
        what: `after --- stands ${JSON.stringify(rest.trim())}, where kubectl wants the end of the line`,
      };
    }
    spans.push({ start: base + from, end: base + match.index });
    from = Math.min(match.index + line.length + 1, text.length);
  }
  return [...spans, { start: base + from, end: base + text.length }];
}

/** The objects of JSON that a text begins with, one after the other: `{}{}`. */
function jsonSpans(text: string): DocumentSpan[] {
  const spans: DocumentSpan[] = [];
  let start = 0;
  for (;;) {
    const open = /\S/.exec(text.slice(start))?.index ?? 0;
    if (text.charAt(start + open) !== '{') return spans;
    const end = objectEnd(text, start + open);
    if (end === undefined || !isJson(text.slice(start + open, end))) {
      return spans;
    }
    spans.push({ start, end });
    start = end;
  }
}

/** After the brace that closes the one at `from`. */
function objectEnd(text: string, from: number): number | undefined {
  let depth = 0;
  let isString = false;
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (isString && char === '\\') at++;
    else if (char === '"') isString = !isString;
    else if (isString) continue;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return at + 1;
  }
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
