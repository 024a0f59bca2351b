import { argumentsOf } from './call-value';
import { calleeOf } from './call-name';
import { loopTargets, namesIn } from './changed-names';
import type { Reading } from './reading';
import { lose } from './scope';
import { lineOf, originOf, placeOf, textOf, written } from './source-text';
import type { Syntax } from './syntax';
import { STARLARK } from './starlark';
import type { Within } from './types';

/** Tells of the calls in an expression, the outermost ones. */
export function findCalls(node: Syntax, reading: Reading): void {
  switch (node.name) {
    case 'CallExpression':
      if (findCall(node, reading)) return;
      break;
    case 'ConditionalExpression':
      return findInChoice(node, reading);
    case 'LambdaExpression':
      return findInner(node, 'lambda', reading);
  }
  if (node.nodes.some(({ name }) => name === 'for')) {
    return findInner(node, 'comprehension', reading);
  }
  for (const inner of node.nodes) findCalls(inner, reading);
}

/** Tells of a call, unless it is a function of Starlark's or a method. */
function findCall(node: Syntax, reading: Reading): boolean {
  const [callee] = node.nodes;
  if (!callee) return false;
  const form = calleeOf(callee, reading.source, reading.scope);
  if (form.kind !== 'function' || STARLARK.has(form.name)) return false;
  tellCall(node, reading);
  return true;
}

/** Tells of a call, whatever it calls. */
export function tellCall(node: Syntax, reading: Reading): void {
  const { source, scope, within, calledAt } = reading;
  const [callee = node, list] = node.nodes;
  const form = calleeOf(callee, source, scope);
  const isNamed = form.kind === 'function';
  const own = isNamed && form.root ? scope.get(form.root) : undefined;
  const call = {
    ...written(node, source),
    ...argumentsOf(list, reading),
    name: isNamed ? form.name : textOf(callee, source),
    dir: source.dir,
    within,
    ...(calledAt && { calledAt }),
    ...(own?.kind === 'function' && { definedAt: own.place }),
  };
  reading.found(node.from, { call, origin: originOf(node, source) });
}

function findInChoice(node: Syntax, reading: Reading): void {
  const [yes, , condition, , no] = node.nodes;
  if (condition) findCalls(condition, reading);
  const inner = { ...reading, within: within('if', node, reading) };
  for (const branch of [yes, no]) if (branch) findCalls(branch, inner);
}

function findInner(
  node: Syntax,
  kind: 'lambda' | 'comprehension',
  reading: Reading,
): void {
  const scope = reading.scope.inner();
  const targets =
    kind === 'lambda'
      ? node.nodes.filter(({ name }) => name === 'ParamList')
      : loopTargets(node);
  const names = namesIn(targets, reading.source);
  lose(names, scope, (name) => `${name} changes from one to the next`);
  const inner = { ...reading, scope, within: within(kind, node, reading) };
  for (const part of node.nodes) findCalls(part, inner);
}

/** What a block inside another stands in. */
export function within(
  kind: Within['kind'],
  node: Syntax,
  { within, source }: Reading,
): readonly Within[] {
  const text = lineOf(node, source);
  return [...within, { kind, place: placeOf(node, source), text }];
}

/** A block of which a run decides whether and how often it is run. */
export function innerReading(
  kind: Within['kind'],
  node: Syntax,
  reading: Reading,
): Reading {
  const scope = reading.scope.inner();
  return { ...reading, scope, within: within(kind, node, reading) };
}
