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
  // A key may be `__proto__`: a ConfigMap's may.
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const set = fields[`f:${name}`];
      const part = set && keepFields(inner, set);
      return part === undefined ? [] : [[name, part]];
    }),
  );
}
