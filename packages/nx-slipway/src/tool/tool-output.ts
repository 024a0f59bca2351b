import type { ResultPromise } from 'execa';
import { LastLines } from './last-lines';

/** Characters: more than any API server would take at once. */
const MAX_STDOUT = 64 * 1024 * 1024;

/** Both streams for messages, and standard output whole. */
export function keepOutput({ stdout, stderr }: ResultPromise) {
  const tail = new LastLines();
  const parts: string[] = [];
  let length = 0;
  const output = {
    tail,
    stdout: () => parts.join(''),
    isFull: false,
    onFull: () => {},
  };
  for (const stream of [stdout, stderr]) {
    const decoder = new TextDecoder();
    stream?.on('data', (chunk: Buffer) => {
      const text = decoder.decode(chunk, { stream: true });
      tail.add(text);
      if (stream !== stdout || output.isFull) return;
      parts.push(text);
      length += text.length;
      if (length <= MAX_STDOUT) return;
      output.isFull = true;
      output.onFull();
    });
  }
  return output;
}
