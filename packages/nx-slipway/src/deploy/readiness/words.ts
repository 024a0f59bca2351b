/** Enough for what schedulers and webhooks say; more is somebody's data. */
const LONGEST = 600;

/**
 * Text of a cluster, on one line and not too long: no escape sequence of a log,
 * a termination message or a condition reaches the terminal.
 */
export function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}
