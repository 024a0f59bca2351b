/** How long a line may be that a list or an object has for itself. */
const LINE = 110;

/** JSON as people write it: what fits into a line stands in one. */
export function jsonOf(value: unknown, indent = ''): string {
  const short = inline(value);
  const isShort = indent !== '' && indent.length + short.length <= LINE;
  if (isShort || typeof value !== 'object' || value === null) return short;
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((entry) => jsonOf(entry, inner))
    : Object.entries(value).map(
        ([key, entry]) => `${JSON.stringify(key)}: ${jsonOf(entry, inner)}`,
      );
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`;
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, entry]) => `${JSON.stringify(key)}: ${inline(entry)}`,
  );
  return entries.length > 0 ? `{ ${entries.join(', ')} }` : '{}';
}
