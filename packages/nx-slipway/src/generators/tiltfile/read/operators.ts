import {
  type Bare,
  bool,
  computed,
  dict,
  keyOf,
  list,
  string,
  unread,
} from './build-values';
import { formatPercent } from './format-text';
import { below } from './paths';
import type { Value } from './types';

/** `left operator right`, where no run is needed for it. */
export function operate(left: Value, operator: string, right: Value): Bare {
  switch (operator) {
    case '+':
      return add(left, right);
    case '%':
      if (left.kind === 'string') return formatPercent(left.value, right);
      break;
    case '|':
      if (left.kind === 'dict' && right.kind === 'dict') {
        return dict([...left.entries, ...right.entries]);
      }
      break;
    case '==':
    case '!=':
      return equals(left, right, operator === '==');
    case 'in':
    case 'not in':
      return holds(right, left, operator === 'in');
  }
  return unreadPair(left, right, `${operator} is worked out in a run`);
}

function add(left: Value, right: Value): Bare {
  if (left.kind === 'string' && right.kind === 'string') {
    return string(left.value + right.value);
  }
  if (left.kind === 'list' && right.kind === 'list') {
    return list([...left.items, ...right.items]);
  }
  if (left.kind === 'path' && right.kind === 'string') {
    return below(left.path, right.value);
  }
  return unreadPair(left, right, '+ is of two kinds of values');
}

function unreadPair(left: Value, right: Value, otherwise: string): Bare {
  const isLeft = left.kind === 'computed' || left.kind === 'call';
  return unread(isLeft ? left : right, otherwise);
}

function equals(left: Value, right: Value, is: boolean): Bare {
  const [a, b] = [keyOf(left), keyOf(right)];
  if (a === undefined || b === undefined) {
    return unreadPair(left, right, 'the two are compared in a run');
  }
  return bool((a === b && isAlike(left, right)) === is);
}

/** A number is no bool, though Python would take one for the other. */
function isAlike(left: Value, right: Value): boolean {
  return left.kind === right.kind;
}

function holds(whole: Value, part: Value, is: boolean): Bare {
  const key = keyOf(part);
  if (whole.kind === 'string' && part.kind === 'string') {
    return bool(whole.value.includes(part.value) === is);
  }
  const parts =
    whole.kind === 'list'
      ? whole.items
      : whole.kind === 'dict'
        ? whole.entries.map((entry) => entry.key)
        : undefined;
  if (!parts || key === undefined) {
    return unreadPair(whole, part, 'what is in it is known in a run only');
  }
  const keys = parts.map(keyOf);
  if (keys.includes(key)) return bool(is);
  if (keys.includes(undefined)) {
    return computed('what is in it is known in a run only');
  }
  return bool(!is);
}

/** Whether it counts as true in a condition; `undefined` if a run decides. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'bool':
      return value.value;
    case 'none':
      return false;
    case 'string':
      return value.value !== '';
    case 'number':
      return value.value !== 0;
    case 'list':
      return value.items.length > 0;
    case 'dict':
      return value.entries.length > 0;
    case 'path':
      return true;
    case 'call':
    case 'computed':
      return undefined;
  }
}

/** `whole[key]`. */
export function itemOf(whole: Value, key: Value): Bare {
  if (whole.kind === 'list' && key.kind === 'number') {
    const item = whole.items.at(key.value);
    return item ?? computed('it has no such item');
  }
  const wanted = keyOf(key);
  if (whole.kind === 'dict' && wanted !== undefined) {
    const entry = whole.entries.find((one) => keyOf(one.key) === wanted);
    return entry?.value ?? computed('it has no such key');
  }
  return unreadPair(
    whole,
    key,
    'what is taken out of it is known in a run only',
  );
}
