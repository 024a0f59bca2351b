import { parser } from '@lezer/python';

/** What one construct of the grammar covers; places count from 1. */
export interface Syntax {
  /** As the grammar calls it: `CallExpression`, `if`, `,`. */
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly line: number;
  readonly column: number;
  readonly nodes: readonly Syntax[];
}

/** Stands for what should be there and is not. */
export const NOWHERE: Syntax = {
  name: '⚠',
  from: 0,
  to: 0,
  line: 1,
  column: 1,
  nodes: [],
};

/** What is in the text here, but is not Python. */
export const WRONG = '⚠';
/** Stands for what is nested deeper than people write. */
export const DEEP = 'TooDeep';
const DEEPEST = 300;

/**
 * A text with `\n` alone at its line ends, as a tree of plain data. Starlark
 * is a part of Python, so Python's grammar reads all of it. Any text has a
 * tree: what is wrong in it is a node of its own.
 */
export function syntaxOf(text: string): Syntax {
  const lines = countLines(text);
  const open: Array<Syntax & { readonly nodes: Syntax[] }> = [];
  let root: Syntax | undefined;
  parser.parse(text).iterate({
    enter({ name, from, to }) {
      if (name === 'Comment') return false;
      const isDeep = open.length >= DEEPEST;
      const kind = isDeep ? DEEP : name;
      const node = { name: kind, from, to, ...lines(from), nodes: [] };
      open.at(-1)?.nodes.push(node);
      root ??= node;
      if (isDeep) return false;
      open.push(node);
      return true;
    },
    leave({ name }) {
      if (name !== 'Comment' && open.length > 0) open.pop();
    },
  });
  return root ?? NOWHERE;
}

/** For offsets that never go back, as nodes are met in the order of the text. */
function countLines(text: string) {
  let line = 1;
  let start = 0;
  return (offset: number) => {
    for (;;) {
      const end = text.indexOf('\n', start);
      if (end < 0 || end >= offset) break;
      line += 1;
      start = end + 1;
    }
    return { line, column: offset - start + 1 };
  };
}

/** Of nodes with commas between them, those between. */
export function withoutCommas(nodes: readonly Syntax[]): Syntax[] {
  return nodes.filter(({ name }) => name !== ',');
}

/** Every node below one, and itself, in the order of the text. */
export function* everyNode(node: Syntax): Generator<Syntax> {
  const rest = [node];
  for (let next = rest.pop(); next; next = rest.pop()) {
    yield next;
    for (let at = next.nodes.length - 1; at >= 0; at -= 1) {
      rest.push(next.nodes[at] as Syntax);
    }
  }
}
