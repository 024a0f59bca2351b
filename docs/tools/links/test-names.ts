import ts from 'typescript';

const ROOTS = ['it', 'test', 'describe'];
/** What jest puts a case in for. */
const PLACE = /%[a-z]|\$[a-zA-Z#]+/g;

/**
 * Whether a file of tests has one of this name, or a group; in a name of many
 * cases, `%s` and the like stand for anything.
 */
export function holdsTest(text: string, title: string): boolean {
  return namesIn(text).some((name) => isName(name, title));
}

/** The names of its tests and groups: each as what stands between its places. */
function namesIn(text: string): (readonly string[])[] {
  const file = ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest);
  const names: (readonly string[])[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ROOTS.includes(rootOf(node.expression))) {
      const [name] = node.arguments;
      const isTable = ts.isCallExpression(node.expression);
      if (name) names.push(...partsOf(name, isTable));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

function partsOf(name: ts.Expression, isTable: boolean) {
  if (ts.isTemplateExpression(name)) {
    const { head, templateSpans } = name;
    return [[head.text, ...templateSpans.map(({ literal }) => literal.text)]];
  }
  if (!ts.isStringLiteralLike(name)) return [];
  return [isTable ? name.text.split(PLACE) : [name.text]];
}

/** `it` of `it.each(…)('…')`. */
function rootOf(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  const isNested =
    ts.isPropertyAccessExpression(node) || ts.isCallExpression(node);
  return isNested ? rootOf(node.expression) : '';
}

function isName(parts: readonly string[], title: string): boolean {
  const [first = '', ...others] = parts;
  const last = others.at(-1);
  if (last === undefined) return first === title;
  if (!title.startsWith(first) || !title.endsWith(last)) return false;
  const end = others.reduce(
    (at, part) => (at < 0 ? at : endOfNext(title, part, at)),
    first.length,
  );
  return end >= 0;
}

function endOfNext(title: string, part: string, from: number): number {
  const at = title.indexOf(part, from);
  return at < 0 ? at : at + part.length;
}
