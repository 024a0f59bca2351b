import {
  type Bare,
  bool,
  computed,
  dict,
  list,
  NONE,
  string,
  unread,
} from './build-values';
import { assumedName } from './assumptions';
import { callValue } from './call-value';
import { dotted } from './call-name';
import { comprehension } from './comprehension';
import { knownName } from './functions';
import { itemOf, operate, truthOf } from './operators';
import type { Reading } from './reading';
import { textOf, written } from './source-text';
import { stringOf } from './string-literal';
import { DEEP, NOWHERE, type Syntax, withoutCommas, WRONG } from './syntax';
import type { Value } from './types';

/** What an expression is, where nothing need be run to know. */
export function valueOf(node: Syntax = NOWHERE, reading: Reading): Value {
  return {
    ...bareOf(node, reading),
    ...written(node, reading.source),
  };
}

type Reader = (node: Syntax, reading: Reading) => Bare;

const READERS: Record<string, Reader> = {
  String: (node, { source }) => {
    const text = stringOf(textOf(node, source));
    return text === undefined ? computed('it is no text') : string(text);
  },
  ContinuedString: (node, reading) => joined(node, reading),
  Number: (node, { source }) => numberOf(textOf(node, source)),
  Boolean: (node, { source }) => bool(textOf(node, source) === 'True'),
  None: () => NONE,
  ParenthesizedExpression: ({ nodes }, reading) => valueOf(nodes[1], reading),
  TupleExpression: (node, reading) => itemsIn(node, reading),
  ArrayExpression: (node, reading) => itemsIn(node, reading),
  DictionaryExpression: (node, reading) => entriesIn(node, reading),
  BinaryExpression: (node, reading) => binary(node, reading),
  UnaryExpression: (node, reading) => unary(node, reading),
  ConditionalExpression: (node, reading) => choice(node, reading),
  MemberExpression: (node, reading) => member(node, reading),
  CallExpression: (node, reading) => callValue(node, reading),
  VariableName: (node, reading) => named(node, reading),
  ArrayComprehensionExpression: (node, reading) => comprehension(node, reading),
};

const REASONS: Record<string, string> = {
  FormatString: 'Starlark has no f-strings',
  LambdaExpression: 'it is a function',
  SetExpression: 'Starlark has no such sets',
  [WRONG]: 'it is no Starlark',
  [DEEP]: 'it is nested too deep',
};

function bareOf(node: Syntax, reading: Reading): Bare {
  if (node.nodes.some(({ name }) => name === WRONG)) {
    return computed('something in it is no Starlark');
  }
  const read = READERS[node.name];
  if (read) return read(node, reading);
  const isLoop = node.name.endsWith('ComprehensionExpression');
  const reason = isLoop ? 'a comprehension is made in a run' : undefined;
  return computed(reason ?? REASONS[node.name] ?? 'it is no plain value');
}

function joined({ nodes }: Syntax, reading: Reading): Bare {
  let text = '';
  for (const node of nodes) {
    const part = valueOf(node, reading);
    if (part.kind !== 'string') return unread(part, 'a part of it is no text');
    text += part.value;
  }
  return string(text);
}

function numberOf(text: string): Bare {
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value)
    ? { kind: 'number', value }
    : computed('it is no number of Starlark');
}

function itemsIn({ nodes }: Syntax, reading: Reading): Bare {
  const parts = withoutCommas(nodes.slice(1, -1));
  const items: Value[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const isSpread = parts[at]?.name === '*';
    if (isSpread) return computed('Starlark has no * in a list');
    items.push(valueOf(parts[at], reading));
  }
  return list(items);
}

function entriesIn({ nodes }: Syntax, reading: Reading): Bare {
  const parts = withoutCommas(nodes.slice(1, -1));
  const entries = [];
  for (let at = 0; at < parts.length; at += 3) {
    if (parts[at + 1]?.name !== ':') {
      return computed('Starlark has no ** in a dict');
    }
    const key = valueOf(parts[at], reading);
    entries.push({ key, value: valueOf(parts[at + 2], reading) });
  }
  return dict(entries);
}

function binary({ nodes }: Syntax, reading: Reading): Bare {
  const left = valueOf(nodes[0], reading);
  const operator = nodes
    .slice(1, -1)
    .map((node) => textOf(node, reading.source))
    .join(' ');
  if (operator !== 'and' && operator !== 'or') {
    return operate(left, operator, valueOf(nodes.at(-1), reading));
  }
  const isTrue = truthOf(left);
  if (isTrue === undefined) {
    return unread(left, `${operator} is decided in a run`);
  }
  return isTrue === (operator === 'or') ? left : valueOf(nodes.at(-1), reading);
}

function unary({ nodes }: Syntax, reading: Reading): Bare {
  const [sign, of] = nodes;
  const value = valueOf(of, reading);
  if (sign?.name === 'not') {
    const isTrue = truthOf(value);
    return isTrue === undefined
      ? unread(value, 'it is decided in a run')
      : bool(!isTrue);
  }
  const isMinus = sign && textOf(sign, reading.source) === '-';
  return isMinus && value.kind === 'number'
    ? { kind: 'number', value: -value.value }
    : unread(value, 'it is worked out in a run');
}

/** `a if condition else b`. */
function choice({ nodes }: Syntax, reading: Reading): Bare {
  const isTrue = truthOf(valueOf(nodes[2], reading));
  if (isTrue !== undefined) return valueOf(nodes[isTrue ? 0 : 4], reading);
  return computed('which of the two it is, a condition decides in a run');
}

function member(node: Syntax, reading: Reading): Bare {
  const { source, scope, session } = reading;
  const [on, open, key, close] = node.nodes;
  const names = dotted(node, source);
  if (names && !scope.get(names[0] ?? '')) {
    const where = { ...session, ...source };
    const name = names.join('.');
    return (
      knownName(name, where) ??
      assumedName(name, node, reading) ??
      computed(`${name} is known in a run only`)
    );
  }
  const whole = valueOf(on, reading);
  if (open?.name === '[' && key && close?.name === ']') {
    return itemOf(whole, valueOf(key, reading));
  }
  return unread(whole, 'what is taken out of it is known in a run only');
}

function named(node: Syntax, reading: Reading): Bare {
  const { source, scope, session } = reading;
  const name = textOf(node, source);
  const bound = scope.get(name);
  switch (bound?.kind) {
    case 'value':
      return bound.value;
    case 'lost':
      return computed(bound.why);
    case 'function':
    case 'symbol':
      return computed(`${name} is a function`);
    case undefined:
      return (
        knownName(name, { ...session, ...source }) ??
        computed(`${name} is set nowhere before`)
      );
  }
}
