import { asText, given, unread, type Read } from '../values';
import type { Value } from '../read';

/** A text, or `blob('...')` of one. */
export function blobText(value: Value): Read<string> {
  if (value.kind !== 'call' || value.name !== 'blob') return asText(value);
  const taken = given(value, ['contents']);
  const contents = taken.value('contents');
  return contents ? asText(contents) : unread(value, 'no text');
}
