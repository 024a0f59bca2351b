import type { ResultPromise } from 'execa';
import { StreamScrubber } from '../report';
import { LastLines } from './last-lines';

const MIB = 1024 * 1024;
/** Bytes: more than any API server would take at once. */
const MAX_STDOUT = 64 * MIB;
export const TOO_MUCH = `printed more than ${MAX_STDOUT / MIB} MiB`;

/**
 * Both streams for messages, and standard output whole.
 * @param tell is given standard error, scrubbed, as it comes
 */
export function keepOutput(
  { stdout, stderr }: ResultPromise,
  secrets: readonly string[],
  tell?: (text: string) => void,
) {
  const tail = new LastLines();
  const parts: Buffer[] = [];
  let length = 0;
  const output = {
    tail,
    stdout: () => Buffer.concat(parts),
    isFull: false,
    onFull: () => {},
    /** Lets go of a line that has no end. */
    end: () => told?.end(),
  };
  const told = tell && new StreamScrubber(secrets, tell);
  for (const stream of [stdout, stderr]) {
    const decoder = new TextDecoder();
    stream?.on('data', (chunk: Buffer) => {
      const text = decoder.decode(chunk, { stream: true });
      tail.add(text);
      if (stream === stderr) told?.push(text);
      if (stream !== stdout || output.isFull) return;
      parts.push(chunk);
      length += chunk.length;
      if (length <= MAX_STDOUT) return;
      output.isFull = true;
      output.onFull();
    });
  }
  return output;
}
