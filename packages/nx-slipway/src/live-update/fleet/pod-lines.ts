/** A container of a pod, and where it was touched. */
export type TouchedLine = readonly [container: string, ...places: string[]];

/** What the file of a pod says, as it is written: the pod, then line by line. */
export interface PodLines {
  readonly uid: string;
  readonly lines: readonly TouchedLine[];
}

const KIND = 'nx-slipway live-update';
const SCHEMA = 1;
const LEADS_AWAY = /(?:^|\/)\.{1,2}(?:\/|$)|\0/;

export function formatPod({ uid, lines }: PodLines): string {
  return formatLine([KIND, SCHEMA, uid]) + formatLines(lines);
}

export function formatLines(lines: readonly TouchedLine[]): string {
  return lines.map(formatLine).join('');
}

function formatLine(fields: readonly unknown[]): string {
  return `${JSON.stringify(fields)}\n`;
}

/**
 * Reads what anybody may have written. A last line that was not written to its
 * end does not count: what it was to announce was not begun.
 * @returns undefined if anything else in it could not be ours
 */
export function parsePod(text: string): PodLines | undefined {
  const written = text.slice(0, text.lastIndexOf('\n') + 1);
  const [first, ...others] = written.split('\n').slice(0, -1).map(fieldsIn);
  const [kind, schema, uid] = first ?? [];
  if (kind !== KIND || schema !== SCHEMA || typeof uid !== 'string') return;
  return others.every(isTouchedLine) ? { uid, lines: others } : undefined;
}

function fieldsIn(line: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isTouchedLine(
  fields: readonly unknown[] | undefined,
): fields is TouchedLine {
  const [container, ...places] = fields ?? [];
  return typeof container === 'string' && places.every(isPlace);
}

function isPlace(value: unknown): value is string {
  return typeof value === 'string' && !LEADS_AWAY.test(value);
}
