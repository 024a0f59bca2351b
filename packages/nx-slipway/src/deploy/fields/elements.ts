import type { FieldSet } from './field-set';

/**
 * What a set has of an item of a list, which an element names by its keys
 * (`k:{"name":"web"}`), its value (`v:"a"`) or its place (`i:0`).
 */
export function setOfItem(
  fields: FieldSet,
  item: unknown,
  index: number,
): FieldSet | undefined {
  const found = Object.keys(fields).find((each) => isAt(each, item, index));
  return found === undefined ? undefined : fields[found];
}

function isAt(element: string, item: unknown, index: number): boolean {
  const kind = element.slice(0, 2);
  if (kind !== 'k:' && kind !== 'v:' && kind !== 'i:') return false;
  const told: unknown = JSON.parse(element.slice(2));
  if (kind === 'i:') return told === index;
  if (kind === 'v:') return JSON.stringify(told) === JSON.stringify(item);
  return (
    isFields(item) &&
    isFields(told) &&
    Object.entries(told).every(([name, value]) => item[name] === value)
  );
}

/** Whether it is an object, and no list. */
export function isFields(
  value: unknown,
): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
