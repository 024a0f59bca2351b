import { type Bare, dict, list } from './build-values';
import { argumentsOf } from './call-value';
import { calleeOf } from './call-name';
import { CHANGING, namesIn } from './changed-names';
import { findCalls, tellCall } from './found-calls';
import { STARLARK } from './starlark';
import { makeOwn } from './own-function';
import { type Reading, lineIn } from './reading';
import { lose } from './scope';
import { textOf } from './source-text';
import type { Syntax } from './syntax';
import type { Arguments, Value } from './types';
import { valueOf } from './values';

/** A call for what it does, and not for what it gives. */
export function callStatement(node: Syntax, reading: Reading): void {
  const { source, scope } = reading;
  const [callee = node, given] = node.nodes;
  const form = calleeOf(callee, source, scope);
  if (form.kind === 'function' && STARLARK.has(form.name)) {
    findCalls(node, reading);
    return;
  }
  if (makeOwn(node, reading)) return;
  if (form.kind === 'method' && CHANGING.has(form.method)) {
    const on = valueOf(form.on, reading);
    const change = changed(on, form.method, argumentsOf(given, reading));
    if (change && form.on.name === 'VariableName') {
      if (given) findCalls(given, reading);
      const value = { ...on, ...change };
      scope.set(textOf(form.on, source), { kind: 'value', value });
      return;
    }
    const why = `is changed by what is known in a run only (${lineIn(node)})`;
    lose(namesIn([form.on], source), scope, (name) => `${name} ${why}`);
  }
  tellCall(node, reading);
}

/** A list or a dict after a method has changed it, where that is known. */
function changed(
  on: Value,
  method: string,
  { args, named }: Arguments,
): Bare | undefined {
  const [first] = args;
  if (!first || args.length > 1 || named.size > 0) return undefined;
  if (on.kind === 'list' && method === 'append') {
    return list([...on.items, first]);
  }
  if (on.kind === 'list' && method === 'extend' && first.kind === 'list') {
    return list([...on.items, ...first.items]);
  }
  return on.kind === 'dict' && method === 'update' && first.kind === 'dict'
    ? dict([...on.entries, ...first.entries])
    : undefined;
}
