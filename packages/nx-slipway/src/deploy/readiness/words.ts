import { oneLine } from '../../report';

/** Enough for what schedulers and webhooks say; more is somebody's data. */
const LONGEST = 600;

/** What a log, a termination message or a condition says, and not too long. */
export function shortLine(text: string): string {
  const line = oneLine(text);
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}
