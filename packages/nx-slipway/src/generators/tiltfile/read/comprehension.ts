import { type Bare, computed, list, unread } from './build-values';
import { bindRound, itemsOf } from './loops';
import { truthOf } from './operators';
import { type Reading, takeRound } from './reading';
import type { Syntax } from './syntax';
import type { Value } from './types';
import { valueOf } from './values';

/** `[a for b in c]`, with an `if` or not, where it is known what `c` holds. */
export function comprehension(node: Syntax, reading: Reading): Bare {
  const { nodes } = node;
  const at = (name: string) => nodes.findIndex((part) => part.name === name);
  const [start, condition] = [at('in'), at('if')];
  const isPlain = nodes.filter(({ name }) => name === 'for').length === 1;
  const through = valueOf(nodes[start + 1], reading);
  const rounds = itemsOf(through);
  if (!rounds || !isPlain) {
    return unread(through, 'a comprehension is made in a run');
  }
  const items: Value[] = [];
  for (const value of rounds) {
    if (!takeRound(reading.session)) {
      return computed('a comprehension is made in a run');
    }
    const inner = { ...reading, scope: reading.scope.inner() };
    bindRound(node, value, inner);
    const is = condition < 0 || truthOf(valueOf(nodes[condition + 1], inner));
    if (is === undefined) return computed('a run decides what is in it');
    if (is) items.push(valueOf(nodes[1], inner));
  }
  return list(items);
}
