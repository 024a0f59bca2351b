import { dict } from './build-values';
import { namesIn, targetsOf } from './changed-names';
import { findCalls } from './found-calls';
import { knownName } from './functions';
import { operate } from './operators';
import { makeOwn } from './own-function';
import { type Reading, lineIn } from './reading';
import { lose } from './scope';
import { textOf, written } from './source-text';
import { type Syntax, withoutCommas } from './syntax';
import type { Value } from './types';
import { valueOf } from './values';

/** `a = value`, `a, b = value`, `a['key'] = value`. */
export function assign(node: Syntax, reading: Reading): void {
  const start = node.nodes.map(({ name }) => name).lastIndexOf('AssignOp');
  const values = withoutCommas(start < 0 ? [] : node.nodes.slice(start + 1));
  const targets = targetsOf(node);
  const [target] = targets;
  const [first] = values;
  const made = values.length === 1 && first && makeOwn(first, reading);
  if (made) {
    const value = { ...made, ...written(first, reading.source) };
    if (target && targets.length === 1) set(target, value, reading);
    else unpack(node, targets, value, reading);
    return;
  }
  for (const value of values) findCalls(value, reading);
  if (target && targets.length === 1 && values.length === 1) {
    assignOne(target, values[0] as Syntax, reading);
  } else if (targets.length === values.length) {
    const found = values.map((value) => valueOf(value, reading));
    targets.forEach((one, at) => set(one, found[at] as Value, reading));
  } else if (values.length === 1) {
    unpack(node, targets, valueOf(values[0], reading), reading);
  } else {
    loseTargets(node, targets, reading);
  }
}

function assignOne(target: Syntax, node: Syntax, reading: Reading): void {
  if (target.name === 'TupleExpression' || target.name === 'ArrayExpression') {
    const inner = withoutCommas(target.nodes.slice(1, -1));
    return unpack(target, inner, valueOf(node, reading), reading);
  }
  if (isOtherName(target, node, reading)) return;
  set(target, valueOf(node, reading), reading);
}

/** `a = b` where `b` is a function, or a list that may change by either name. */
function isOtherName(target: Syntax, node: Syntax, reading: Reading): boolean {
  if (target.name !== 'VariableName' || node.name !== 'VariableName') {
    return false;
  }
  const { source, scope, session, changes } = reading;
  const [name, other] = [textOf(target, source), textOf(node, source)];
  const bound = scope.get(other);
  const isOwn = knownName(other, { ...session, ...source });
  if (bound?.kind === 'value') {
    const { kind } = bound.value;
    const isShared =
      (kind === 'list' || kind === 'dict') &&
      (changes.get(name) ?? 0) + (changes.get(other) ?? 0) > 2;
    const why = `is another name of ${other}, and one of them is changed`;
    if (isShared) lose([name], scope, () => `${name} ${why}`);
    return isShared;
  }
  if (isOwn) return false;
  scope.set(name, bound ?? { kind: 'symbol', name: other });
  return true;
}

export function unpack(
  node: Syntax,
  targets: readonly Syntax[],
  value: Value,
  reading: Reading,
): void {
  if (value.kind !== 'list' || value.items.length !== targets.length) {
    return loseTargets(node, targets, reading);
  }
  targets.forEach((one, at) => set(one, value.items[at] as Value, reading));
}

function loseTargets(
  node: Syntax,
  targets: readonly Syntax[],
  { scope, source }: Reading,
): void {
  const why = `is taken out of what is known in a run only (${lineIn(node)})`;
  lose(namesIn(targets, source), scope, (name) => `${name} ${why}`);
}

export function set(target: Syntax, value: Value, reading: Reading): void {
  const { scope, source, changedInside } = reading;
  if (target.name !== 'VariableName') return setPart(target, value, reading);
  const name = textOf(target, source);
  const line = changedInside.get(name);
  const isOpen = value.kind === 'list' || value.kind === 'dict';
  if (line !== undefined && isOpen) {
    lose([name], scope, () => `${name} is changed in a def (line ${line})`);
  } else {
    scope.set(name, { kind: 'value', value });
  }
}

/** `a['key'] = value`. */
function setPart(target: Syntax, value: Value, reading: Reading): void {
  const { source, scope } = reading;
  const [on, open, key] = target.nodes;
  const whole = on?.name === 'VariableName' ? valueOf(on, reading) : undefined;
  const isKey = open?.name === '[' && target.nodes.length === 4;
  if (!on || whole?.kind !== 'dict' || !isKey) {
    return loseTargets(target, [target], reading);
  }
  const entry = { key: valueOf(key, reading), value };
  const next = { ...whole, ...dict([...whole.entries, entry]) } as Value;
  scope.set(textOf(on, source), { kind: 'value', value: next });
}

/** `a += value`. */
export function update(node: Syntax, reading: Reading): void {
  const { source } = reading;
  const [target, operator, ...rest] = node.nodes;
  for (const part of rest) findCalls(part, reading);
  const isPlain = target?.name === 'VariableName' && rest.length === 1;
  if (!isPlain || !operator) {
    return loseTargets(node, targetsOf(node), reading);
  }
  const sign = textOf(operator, source).slice(0, -1);
  const [left, right] = [valueOf(target, reading), valueOf(rest[0], reading)];
  const value = operate(left, sign, right);
  set(target, { ...value, ...written(node, source) }, reading);
}
