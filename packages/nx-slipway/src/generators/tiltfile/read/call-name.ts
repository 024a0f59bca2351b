import type { Scope } from './scope';
import { type Source, textOf } from './source-text';
import type { Syntax } from './syntax';

/** What stands before the `(` of a call. */
export type Callee =
  /** A function of Tilt's, of an extension's or of the user's own. */
  | { readonly kind: 'function'; readonly name: string; readonly root?: string }
  | { readonly kind: 'method'; readonly on: Syntax; readonly method: string }
  | { readonly kind: 'other' };

export function calleeOf(node: Syntax, source: Source, scope: Scope): Callee {
  const parts = dotted(node, source);
  const [root, ...rest] = parts ?? [];
  const bound = root === undefined ? undefined : scope.get(root);
  if (root !== undefined && (!bound || bound.kind === 'symbol')) {
    const name = [bound?.name ?? root, ...rest].join('.');
    return { kind: 'function', name };
  }
  if (root !== undefined && rest.length === 0) {
    return { kind: 'function', name: root, root };
  }
  const [on, , method] = node.nodes;
  return node.name === 'MemberExpression' && on && isName(method)
    ? { kind: 'method', on, method: textOf(method, source) }
    : { kind: 'other' };
}

/** `['os', 'path', 'join']`; `undefined` for what is no plain chain of names. */
export function dotted(node: Syntax, source: Source): string[] | undefined {
  if (node.name === 'VariableName') return [textOf(node, source)];
  const [on, dot, last] = node.nodes;
  if (node.name !== 'MemberExpression' || dot?.name !== '.' || !on) {
    return undefined;
  }
  const before = dotted(on, source);
  return before && isName(last) ? [...before, textOf(last, source)] : undefined;
}

function isName(node: Syntax | undefined): node is Syntax {
  return node?.name === 'PropertyName';
}
