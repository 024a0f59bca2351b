/** A line as the kubelet gives it, with `timestamps=true`. */
export interface LogEntry {
  /** Of the epoch. */
  readonly second: number;
  /** Since the second. */
  readonly nanos: number;
  readonly text: string;
}

/** RFC 3339, in the zone of the node. */
const ENTRY =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)(?: |$)/;

/**
 * @returns undefined for a line without a timestamp: it is the kubelet's own,
 *   which says so that it has no log, or cannot follow it
 */
export function readEntry(line: string): LogEntry | undefined {
  const found = ENTRY.exec(line);
  if (!found) return undefined;
  const [start, whole = '', fraction = '', zone = ''] = found;
  const second = Date.parse(`${whole}${zone}`) / 1000;
  if (Number.isNaN(second)) return undefined;
  const nanos = Number(fraction.padEnd(9, '0'));
  return { second, nanos, text: line.slice(start.length) };
}
