import { jsonLine } from '../../report';
import type { ServeEvent } from '../events';

/**
 * An event as one line of `--output json` (docs/serve.md).
 * @param time milliseconds since 1970
 */
export function eventJson(event: ServeEvent, time: number): string {
  const head = { schema: 1, time: new Date(time).toISOString() };
  return jsonLine({ ...head, ...event });
}
