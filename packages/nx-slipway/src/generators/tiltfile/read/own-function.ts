import { type Bare, dict, list, NONE } from './build-values';
import { argumentsOf } from './call-value';
import { calleeOf } from './call-name';
import { type Found, type Reading, takeRound } from './reading';
import type { Scope } from './scope';
import { originOf, placeOf, textOf, written } from './source-text';
import { everyNode, type Syntax, withoutCommas } from './syntax';
import type { Value } from './types';
import { valueOf } from './values';

/** A function of the user's own: where it stands, and what was known there. */
export interface OwnFunction {
  readonly node: Syntax;
  readonly params: Syntax | undefined;
  readonly body: Syntax;
  readonly reading: Reading;
  readBody(reading: Reading): void;
  /** Calls in it are told of where it is called, so not on their own. */
  isMade: boolean;
}

/**
 * Reads the body of the user's own function with what a call gives it, and
 * tells of its calls there. What the call gives; `undefined` for any other
 * call, and for one that cannot be followed.
 */
export function makeOwn(call: Syntax, reading: Reading): Bare | undefined {
  const own = ownOf(call, reading);
  if (!own || !isStraight(own.body)) return undefined;
  const { session } = reading;
  const origin = originOf(own.node, own.reading.source);
  const scope = own.reading.scope.inner();
  if (session.making.has(origin)) return undefined;
  if (!bindParams(own, call, reading, scope)) return undefined;
  if (!takeRound(session)) return undefined;
  own.isMade = true;
  const calledAt = reading.calledAt ?? placeOf(call, reading.source);
  const inner: Reading = {
    ...own.reading,
    scope,
    calledAt,
    within: reading.within,
    found: (_, what) => reading.found(call.from, what),
  };
  session.making.add(origin);
  own.readBody(inner);
  const given = returned(own.body, inner);
  session.making.delete(origin);
  return given;
}

/**
 * What a call of the user's own function gives as a value, where that is all
 * it is for: no call in it would be told of, or the one that is the value.
 */
export function ownValue(call: Syntax, reading: Reading): Bare | undefined {
  const own = ownOf(call, reading);
  if (!own || includesFiles(own)) return undefined;
  const wasMade = own.isMade;
  const found: Array<Found['what']> = [];
  const given = makeOwn(call, {
    ...reading,
    found: (_, what) => found.push(what),
  });
  const { origins } = reading.session;
  const value = given?.kind === 'call' ? origins.get(given.named) : undefined;
  const isAll = found.every(
    (what) => 'origin' in what && what.origin === value,
  );
  if (given && isAll && given.kind !== 'computed') return given;
  own.isMade = wasMade;
  return undefined;
}

/** A file is included once, so not where that may come to nothing. */
function includesFiles({ body, reading: { source } }: OwnFunction): boolean {
  return /\b(?:include|load)\s*\(/.test(textOf(body, source));
}

function ownOf(call: Syntax, reading: Reading): OwnFunction | undefined {
  const [callee] = call.nodes;
  if (call.name !== 'CallExpression' || !callee) return undefined;
  const form = calleeOf(callee, reading.source, reading.scope);
  if (form.kind !== 'function' || !form.root) return undefined;
  const bound = reading.scope.get(form.root);
  return bound?.kind === 'function' ? bound.own : undefined;
}

/** Whether a call goes through the whole body, to a return at its end at most. */
function isStraight(body: Syntax): boolean {
  const last = body.nodes.at(-1);
  for (const node of everyNode(body)) {
    if (node.name === 'FunctionDefinition') return false;
    if (node.name === 'ReturnStatement' && node !== last) return false;
  }
  return true;
}

function returned({ nodes }: Syntax, reading: Reading): Bare {
  const last = nodes.at(-1);
  const [, value, ...more] = last?.nodes ?? [];
  if (last?.name !== 'ReturnStatement' || !value) return NONE;
  if (more.length === 0) return valueOf(value, reading);
  return list(
    withoutCommas([value, ...more]).map((one) => valueOf(one, reading)),
  );
}

/** `false` where the call does not fit, or only a run knows how. */
function bindParams(
  { params, reading: around }: OwnFunction,
  call: Syntax,
  reading: Reading,
  scope: Scope,
): boolean {
  const written = call.nodes[1];
  if (written?.nodes.some(({ name }) => /^(\*\*?|for|⚠)$/.test(name))) {
    return false;
  }
  const given = argumentsOf(written, reading);
  const args = [...given.args];
  const named = new Map(given.named);
  for (const param of paramsOf(params, around)) {
    const value = take(param, args, named, call, reading);
    if (!value) return false;
    scope.set(param.name, { kind: 'value', value });
  }
  return args.length === 0 && named.size === 0;
}

interface Param {
  readonly name: string;
  readonly star: '' | '*' | '**';
  readonly otherwise?: Value;
}

function take(
  { name, star, otherwise }: Param,
  args: Value[],
  named: Map<string, Value>,
  call: Syntax,
  { source }: Reading,
): Value | undefined {
  const at = written(call, source);
  if (star === '*') return { ...list(args.splice(0)), ...at };
  if (star === '**') {
    const entries = [...named].map(([text, value]) => {
      const key = { kind: 'string', value: text, ...at } as const;
      return { key, value };
    });
    named.clear();
    return { ...dict(entries), ...at };
  }
  const found = args.shift() ?? named.get(name) ?? otherwise;
  named.delete(name);
  return found;
}

function paramsOf(params: Syntax | undefined, reading: Reading): Param[] {
  const parts = withoutCommas(params?.nodes.slice(1, -1) ?? []);
  const found: Param[] = [];
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] as Syntax;
    const isStar = part.name === '*' || part.name === '**';
    const name = isStar ? parts[(at += 1)] : part;
    const star = isStar ? part.name : '';
    const hasDefault = parts[at + 1]?.name === 'AssignOp';
    found.push({
      name: name ? textOf(name, reading.source) : '',
      star,
      ...(hasDefault && { otherwise: valueOf(parts[at + 2], reading) }),
    });
    if (hasDefault) at += 2;
  }
  return found;
}
