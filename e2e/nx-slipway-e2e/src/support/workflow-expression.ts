/** What `github`, `vars` and `secrets` are in the expressions of a workflow. */
export type Contexts = { readonly [name: string]: Context };
type Context = string | Contexts;

/**
 * The text with each `${{ }}` replaced.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 * @throws for what is more than names, texts, `==`, `!=`, `&&` and `||`
 */
export function expanded(text: string, contexts: Contexts): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
    evaluated(expression, contexts),
  );
}

/** @returns a text; `''` and `false` are false */
export function evaluated(expression: string, contexts: Contexts): string {
  return firstOf(expression.split('||'), (either) =>
    lastOf(either.split('&&'), (each) => compared(each, contexts)),
  );
}

const isTrue = (text: string) => text !== '' && text !== 'false';

function firstOf(parts: string[], value: (part: string) => string): string {
  const values = parts.map(value);
  return values.find(isTrue) ?? values.at(-1) ?? '';
}

function lastOf(parts: string[], value: (part: string) => string): string {
  const values = parts.map(value);
  return values.find((one) => !isTrue(one)) ?? values.at(-1) ?? '';
}

function compared(text: string, contexts: Contexts): string {
  const [, left = '', operator, right = ''] =
    /^(.*?)(?:([!=])=(.*))?$/.exec(text) ?? [];
  if (operator === undefined) return term(text, contexts);
  const isSame = term(left, contexts) === term(right, contexts);
  return String(isSame === (operator === '='));
}

function term(text: string, contexts: Contexts): string {
  const quoted = /^\s*'([^']*)'\s*$/.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  const path = /^\s*([\w.-]+)\s*$/.exec(text)?.[1]?.split('.');
  if (!path || !path[0] || !(path[0] in contexts)) {
    throw new Error(`no expression that this knows: ${text}`);
  }
  let found: Context | undefined = contexts;
  for (const name of path) {
    found = typeof found === 'object' ? found[name] : undefined;
  }
  // What is not set is an empty text.
  return typeof found === 'string' ? found : '';
}
