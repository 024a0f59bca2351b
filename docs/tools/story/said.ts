import { stripVTControlCharacters } from 'node:util';

/**
 * Where in an output these lines end, found in this order; others may stand
 * between them, and more on each of them.
 * @param lines with `…` for anything
 * @returns -1 if one is missing
 */
export function endOf(lines: readonly string[], output: string): number {
  let end = 0;
  for (const line of lines) {
    const found = pattern(line).exec(output.slice(end));
    if (!found) return -1;
    end += found.index + found[0].length;
  }
  return end;
}

/** The first of them that is missing. */
export function firstMissing(
  lines: readonly string[],
  output: string,
): string | undefined {
  const at = lines.findIndex(
    (_, i) => endOf(lines.slice(0, i + 1), output) < 0,
  );
  return lines[at];
}

/** Without colours, and with the ends of lines of every system. */
export const plain = (output: string): string =>
  stripVTControlCharacters(output).replaceAll('\r', '');

function pattern(line: string): RegExp {
  const parts = line.split('…').map((part) => {
    const escaped = part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    // Columns are laid out by what else stands in them.
    return escaped.replace(/\s+/g, '[^\\S\\n]+');
  });
  return new RegExp(`${parts.join('[^\\n]*')}[^\\n]*(?:\\n|$)`);
}
