import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Connection } from '../connection';
import type { KubeAnswer } from '../request';
import { streamedAnswer } from '../streamed-answer';
import { readEvent, type WatchEvent } from './watch-event';

export interface WatchStream {
  readonly path: string;
  /**
   * Milliseconds without a byte after which the connection is taken for dead:
   * more than the server lets a watch live.
   */
  readonly silence: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: WatchEvent) => void;
}

/**
 * Follows one watch until the server ends it, as it does every minute.
 * @returns the answer, if it is no success; undefined when the watch has ended
 * @throws as streamedAnswer
 */
export function followStream(
  connection: Connection,
  { onEvent, ...stream }: WatchStream,
): Promise<KubeAnswer | undefined> {
  return streamedAnswer(connection, {
    ...stream,
    accept: 'application/json',
    read: (body) => readEvents(body, onEvent),
  });
}

function readEvents(
  body: Readable,
  onEvent: WatchStream['onEvent'],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: body, crlfDelay: Infinity });
    lines.on('line', (line) => {
      const event = readEvent(line);
      if (event) onEvent(event);
      // Nothing good comes after it.
      if (event?.type === 'ERROR') resolve();
    });
    // It hands on what the body ends with.
    lines.on('error', reject);
    lines.on('close', resolve);
  });
}
