import type { CST, Node, Pair, YAMLSeq } from 'yaml';

/** The place of a value: after its colon or dash, and its anchor and tag. */
export interface Slot {
  /** Where a value can be put, with a blank before it. */
  readonly at: number;
  /** What has to come before the blank: `:`, for a key that has none. */
  readonly lead: string;
  readonly tag?: { readonly start: number; readonly end: number };
}

/** @returns undefined if the parser kept no tokens of it */
export function pairSlot({ key, srcToken }: Pair<Node>): Slot | undefined {
  const tokens = srcToken?.sep ?? [];
  const colon = tokens.findIndex(({ type }) => type === 'map-value-ind');
  if (colon >= 0) return slotAfter(tokens.slice(colon));
  const end = key.range?.[1];
  return end === undefined ? undefined : { at: end, lead: ':' };
}

/** @returns undefined if the parser kept no tokens of it */
export function itemSlot(seq: YAMLSeq, index: number): Slot | undefined {
  const { srcToken } = seq;
  if (srcToken?.type !== 'block-seq' && srcToken?.type !== 'flow-collection') {
    return undefined;
  }
  return slotAfter(srcToken.items[index]?.start ?? []);
}

const BEFORE_VALUE = ['map-value-ind', 'seq-item-ind', 'anchor', 'tag'];

function slotAfter(tokens: readonly CST.SourceToken[]): Slot | undefined {
  const last = tokens.filter(({ type }) => BEFORE_VALUE.includes(type)).at(-1);
  if (!last) return undefined;
  const tag = tokens.find(({ type }) => type === 'tag');
  return {
    at: endOf(last),
    lead: '',
    ...(tag && { tag: { start: tag.offset, end: endOf(tag) } }),
  };
}

function endOf({ offset, source }: CST.SourceToken): number {
  return offset + source.length;
}
