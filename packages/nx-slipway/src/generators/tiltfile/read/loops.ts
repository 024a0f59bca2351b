import { set, unpack } from './assignments';
import { changedNames, loopTargets } from './changed-names';
import { findCalls, innerReading } from './found-calls';
import { type Reading, lineIn, takeRound } from './reading';
import { lose } from './scope';
import { everyNode, type Syntax, withoutCommas } from './syntax';
import type { Value } from './types';
import { valueOf } from './values';

type ReadBlock = (body: Syntax, reading: Reading) => void;
/** More than a person lists. */
const MOST_ROUNDS = 100;

/**
 * A loop round by round, where it is known through what it goes. One that goes
 * through nothing is told of as one that may.
 */
export function readLoop(
  node: Syntax,
  reading: Reading,
  readBlock: ReadBlock,
): void {
  for (const part of node.nodes) {
    if (part.name !== 'Body') findCalls(part, reading);
  }
  const body = node.nodes.find(({ name }) => name === 'Body');
  if (!body) return;
  const rounds = roundsOf(node, body, reading);
  if (!rounds) return readOpenLoop(node, reading, readBlock);
  for (const value of rounds) {
    bindRound(node, value, reading);
    readBlock(body, reading);
  }
}

/** The names of a loop, or of a comprehension, for one round. */
export function bindRound(loop: Syntax, value: Value, reading: Reading): void {
  const targets = loopTargets(loop);
  const [only] = targets;
  if (!only || targets.length > 1) unpack(loop, targets, value, reading);
  else if (only.name === 'VariableName') set(only, value, reading);
  else {
    const inner = withoutCommas(only.nodes.slice(1, -1));
    unpack(loop, inner, value, reading);
  }
}

function roundsOf(
  { name, nodes }: Syntax,
  body: Syntax,
  reading: Reading,
): readonly Value[] | undefined {
  const start = nodes.findIndex((node) => node.name === 'in');
  const through = nodes.slice(start + 1, nodes.indexOf(body));
  if (name !== 'ForStatement' || through.length !== 1) return undefined;
  for (const node of everyNode(body)) {
    if (/^(Break|Continue|Return)Statement$/.test(node.name)) return undefined;
  }
  const value = valueOf(through[0], reading);
  const rounds = itemsOf(value);
  const count = rounds?.length ?? 0;
  if (!rounds || count === 0 || count > MOST_ROUNDS) return undefined;
  return rounds.every(() => takeRound(reading.session)) ? rounds : undefined;
}

/** Of a dict its keys. */
export function itemsOf(value: Value): readonly Value[] | undefined {
  if (value.kind === 'list') return value.items;
  if (value.kind !== 'dict') return undefined;
  return value.entries.map(({ key }) => key);
}

/** What a round sets, the next one finds. */
function readOpenLoop(
  node: Syntax,
  reading: Reading,
  readBlock: ReadBlock,
): void {
  const looped = (name: string) => `${name} is set in a loop (${lineIn(node)})`;
  const names = changedNames(node, reading.source);
  const inner = innerReading('for', node, reading);
  lose(names, inner.scope, looped);
  for (const part of node.nodes) {
    if (part.name === 'Body') readBlock(part, inner);
  }
  lose(names, reading.scope, looped);
}
