import { Socket } from 'node:net';
import type { ResultPromise } from 'execa';
import { StreamScrubber } from '../report';
import { LastLines } from './last-lines';

const MIB = 1024 * 1024;
/** Bytes: more than any API server would take at once. */
const MAX_STDOUT = 64 * MIB;
export const TOO_MUCH = `printed more than ${MAX_STDOUT / MIB} MiB`;

/**
 * Both streams for messages, scrubbed, and standard output whole.
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
  let isLeft = false;
  const scrubbed = (stream: unknown) =>
    // Before it is cut: of half a secret nobody knows what it is.
    new StreamScrubber(secrets, (text) => {
      tail.add(text);
      if (stream === stderr) tell?.(text);
    });
  const streams = [stdout, stderr].map((stream) => ({
    stream,
    scrubber: scrubbed(stream),
  }));
  const output = {
    tail,
    stdout: () => Buffer.concat(parts),
    isFull: false,
    onFull: () => {},
    /**
     * Lets go of lines that have no end, and of streams that others still hold:
     * what these print is nobody's, and nothing waits for it.
     */
    leave: () => {
      isLeft = true;
      for (const { stream, scrubber } of streams) {
        scrubber.end();
        if (stream instanceof Socket) stream.unref();
      }
    },
  };
  for (const { stream, scrubber } of streams) {
    const decoder = new TextDecoder();
    stream?.on('data', (chunk: Buffer) => {
      if (isLeft) return;
      scrubber.push(decoder.decode(chunk, { stream: true }));
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
