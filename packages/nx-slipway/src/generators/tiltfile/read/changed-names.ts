import { type Source, textOf } from './source-text';
import { everyNode, type Syntax } from './syntax';

/** Methods that change what they are called on. */
export const CHANGING = new Set([
  'append',
  'clear',
  'extend',
  'insert',
  'pop',
  'popitem',
  'remove',
  'setdefault',
  'update',
]);

/** Every name that anything in a piece of text sets or changes. */
export function changedNames(piece: Syntax, source: Source): Set<string> {
  return new Set(changesIn(piece, source));
}

/** How often each name is set or changed. */
export function countChanges(
  piece: Syntax,
  source: Source,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of changesIn(piece, source)) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

function* changesIn(piece: Syntax, source: Source): Generator<string> {
  for (const node of everyNode(piece)) yield* changedBy(node, source);
}

/** Names whose lists and dicts functions change, each with the line of one. */
export function changedInFunctions(
  file: Syntax,
  source: Source,
): Map<string, number> {
  const lines = new Map<string, number>();
  for (const node of everyNode(file)) {
    if (node.name !== 'FunctionDefinition') continue;
    for (const inner of everyNode(node)) {
      const targets = targetsOf(inner).filter(isPart);
      const names = [
        ...namesIn(targets, source),
        ...changedByCall(inner, source),
      ];
      for (const name of names) lines.set(name, inner.line);
    }
  }
  return lines;
}

function isPart({ name }: Syntax): boolean {
  return name === 'MemberExpression';
}

function changedBy(node: Syntax, source: Source): string[] {
  switch (node.name) {
    case 'AssignStatement':
    case 'UpdateStatement':
      return namesIn(targetsOf(node), source);
    case 'ForStatement':
      return namesIn(loopTargets(node), source);
    case 'FunctionDefinition':
      return namesIn(node.nodes.slice(0, 2), source);
    case 'CallExpression':
      return changedByCall(node, source);
    default:
      return [];
  }
}

function changedByCall({ nodes: [callee] }: Syntax, source: Source): string[] {
  const method = callee?.nodes.at(-1);
  if (callee?.name !== 'MemberExpression' || !method) return [];
  if (!CHANGING.has(textOf(method, source))) return [];
  return namesIn([callee], source);
}

/** What stands before the first `=`. */
export function targetsOf(assign: Syntax): Syntax[] {
  const end = assign.nodes.findIndex(
    ({ name }) => name === 'AssignOp' || name === 'UpdateOp',
  );
  return assign.nodes
    .slice(0, Math.max(end, 0))
    .filter(({ name }) => name !== ',' && name !== 'TypeDef');
}

/** What stands between `for` and `in`. */
export function loopTargets(loop: Syntax): Syntax[] {
  const start = loop.nodes.findIndex(({ name }) => name === 'for');
  const end = loop.nodes.findIndex(({ name }) => name === 'in');
  return loop.nodes
    .slice(start + 1, Math.max(end, 0))
    .filter(({ name }) => name !== ',');
}

/** `a` of `a`, `a['b']`, `a.b` and `(a, c)`; what stands in `[]` is only read. */
export function namesIn(targets: readonly Syntax[], source: Source): string[] {
  return targets.flatMap((target) => {
    if (target.name === 'VariableName') return [textOf(target, source)];
    if (target.name === 'MemberExpression') {
      return namesIn(target.nodes.slice(0, 1), source);
    }
    return namesIn(target.nodes, source);
  });
}
