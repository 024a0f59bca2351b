import { isFields, setOfItem } from './elements';
import { isLeaf, type FieldSet } from './field-set';

/**
 * What of a value is in a set of fields, and what items of lists are found by.
 * @returns undefined: nothing of it
 */
export function keepFields(value: unknown, fields: FieldSet): unknown {
  if (isLeaf(fields)) return value;
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, index) => {
      const set = setOfItem(fields, item, index);
      const kept = set && keepFields(item, set);
      return kept === undefined ? [] : [kept];
    });
  }
  if (!isFields(value)) return undefined;
  const kept: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    const set = fields[`f:${name}`];
    const part = set && keepFields(inner, set);
    if (part !== undefined) kept[name] = part;
  }
  return kept;
}
