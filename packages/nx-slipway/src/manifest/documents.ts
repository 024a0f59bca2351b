/** One document of a text, by its offsets. */
export interface DocumentSpan {
  readonly start: number;
  readonly end: number;
}

/** What stands on a line that parts two documents, and is no part of it. */
export interface SeparatorFault {
  readonly offset: number;
  readonly rest: string;
}

const SEPARATOR = /^---(.*)$/gm;
const ONLY_COMMENT = /^[ \t]*(?:#.*)?\r?$/;

/**
 * Parts a text as kubectl does before it parses any YAML (apimachinery's
 * YAMLReader): at each line that begins with `---`, wherever it stands. Of a
 * text that begins like JSON, at the end of each object.
 * @returns the fault instead, if there is more than a comment on such a line
 */
export function splitDocuments(
  text: string,
): readonly DocumentSpan[] | SeparatorFault {
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  if (/^\s*\{/.test(text.slice(start))) return jsonSpans(text, start);
  const spans: DocumentSpan[] = [];
  let from = start;
  for (const match of text.matchAll(SEPARATOR)) {
    const [line, rest = ''] = match;
    if (!ONLY_COMMENT.test(rest)) {
      return { offset: match.index + 3, rest: rest.trim() };
    }
    spans.push({ start: from, end: match.index });
    from = Math.min(match.index + line.length + 1, text.length);
  }
  spans.push({ start: from, end: text.length });
  return spans;
}

/** Objects one after the other, `{}{}`; what is no JSON is one document. */
function jsonSpans(text: string, start: number): DocumentSpan[] {
  const spans: DocumentSpan[] = [];
  let from = start;
  let depth = 0;
  for (const { 0: token, index } of text.slice(start).matchAll(JSON_TOKEN)) {
    if (token === '{') depth++;
    if (token === '}') depth--;
    if (token !== '}' || depth !== 0) continue;
    const end = start + index + 1;
    spans.push({ start: from, end });
    from = end;
  }
  const rest = text.slice(from);
  if (depth !== 0 || rest.trim() === '') {
    return depth === 0 ? spans : [{ start, end: text.length }];
  }
  // YAML after all: `{...}` and a separator, say.
  return withoutJson(text, start);
}

const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|[{}]/g;

function withoutJson(text: string, start: number): DocumentSpan[] {
  const spans: DocumentSpan[] = [];
  let from = start;
  for (const match of text.matchAll(SEPARATOR)) {
    spans.push({ start: from, end: match.index });
    from = Math.min(match.index + match[0].length + 1, text.length);
  }
  return [...spans, { start: from, end: text.length }];
}
