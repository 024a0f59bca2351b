import { type Bare, call, computed, unread } from './build-values';
import { calleeOf } from './call-name';
import { assumedCall } from './assumptions';
import { callKnown, isKnown } from './functions';
import { STARLARK } from './starlark';
import { ownValue } from './own-function';
import { callMethod } from './methods';
import type { Reading } from './reading';
import { originOf, textOf, written } from './source-text';
import { type Syntax, WRONG } from './syntax';
import type { Arguments, Value } from './types';
import { valueOf } from './values';

/** What a call gives: a value where that needs no run, else the call itself. */
export function callValue(node: Syntax, reading: Reading): Bare {
  const { source, scope, session } = reading;
  const [callee, list] = node.nodes;
  if (!callee) return computed('it is no Starlark');
  const form = calleeOf(callee, source, scope);
  const given = argumentsOf(list, reading);
  switch (form.kind) {
    case 'method': {
      const on = valueOf(form.on, reading);
      const known = callMethod(on, form.method, given);
      return known ?? unreadOf(given, `.${form.method}()`, on);
    }
    case 'function': {
      const known = form.root
        ? ownValue(node, reading)
        : tiltValue(form.name, given, node, reading);
      if (known) return known;
      session.origins.set(given.named, originOf(node, source));
      return call(form.name, given, source.dir);
    }
    case 'other':
      return computed('what is called is known in a run only');
  }
}

/** What a function of Starlark's or Tilt's gives, if it needs no run. */
function tiltValue(
  name: string,
  given: Arguments,
  node: Syntax,
  reading: Reading,
): Bare | undefined {
  const where = { ...reading.session, ...reading.source };
  const known = callKnown(name, given, where);
  if (known) return known;
  if (isPure(name)) return unreadOf(given, `${name}()`);
  return assumedCall(name, given, node, reading);
}

/** What is worked out of values, one of which a run tells. */
function unreadOf(
  { args, named }: Arguments,
  what: string,
  ...more: Value[]
): Bare {
  const parts = [...more, ...args, ...named.values()];
  const cause = parts.find(
    ({ kind }) => kind === 'computed' || kind === 'call',
  );
  const otherwise = `${what} is worked out in a run`;
  return cause ? unread(cause, otherwise) : computed(otherwise);
}

function isPure(name: string): boolean {
  return isKnown(name) || STARLARK.has(name);
}

/** What stands between the `(` and `)` of a call. */
export function argumentsOf(
  list: Syntax | undefined,
  reading: Reading,
): Arguments {
  const args: Value[] = [];
  const named = new Map<string, Value>();
  for (const group of groupsIn(list)) {
    const [first, second, third] = group;
    if (!first) continue;
    if (group.some(({ name }) => name === 'for' || name === WRONG)) {
      args.push(unreadGroup(group, reading));
    } else if (first.name === '*') {
      args.push(...spread(valueOf(second, reading)));
    } else if (first.name === '**') {
      for (const [name, value] of spreadNamed(valueOf(second, reading))) {
        named.set(name, value);
      }
    } else if (second?.name === 'AssignOp') {
      named.set(textOf(first, reading.source), valueOf(third, reading));
    } else {
      args.push(valueOf(first, reading));
    }
  }
  return { args, named };
}

/** The nodes between commas. */
function groupsIn(list: Syntax | undefined): Syntax[][] {
  const groups: Syntax[][] = [[]];
  for (const node of list?.nodes ?? []) {
    if (node.name === '(' || node.name === ')') continue;
    if (node.name === ',') groups.push([]);
    else groups.at(-1)?.push(node);
  }
  return groups;
}

function unreadGroup(group: readonly Syntax[], reading: Reading): Value {
  const isWrong = group.some(({ name }) => name === WRONG);
  const why = isWrong
    ? 'something in it is no Starlark'
    : 'a comprehension is made in a run';
  const [first] = group as [Syntax];
  const to = group.at(-1)?.to ?? first.to;
  const at = written({ ...first, to }, reading.source);
  return { kind: 'computed', why, ...at };
}

function spread(value: Value): readonly Value[] {
  if (value.kind === 'list') return value.items;
  const why = unread(value, 'how many arguments it is, is known in a run only');
  return [{ ...value, ...why }];
}

function spreadNamed(value: Value): ReadonlyArray<[string, Value]> {
  const known =
    value.kind === 'dict' &&
    value.entries.every(({ key }) => key.kind === 'string');
  if (!known) {
    const why = unread(value, 'which options it is, is known in a run only');
    return [['**', { ...value, ...why }]];
  }
  return value.entries.map(({ key, value: of }) => [
    key.kind === 'string' ? key.value : '',
    of,
  ]);
}
