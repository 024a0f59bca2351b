import type { Socket } from 'node:net';

/**
 * The first line that comes, of whoever is at the other end.
 * @param limit in bytes
 * @returns undefined if the connection is over before, or the line too long
 */
export function oneLineOf(
  socket: Socket,
  limit: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const done = (line?: string) => {
      socket.off('data', onData).off('close', onEnd).off('end', onEnd);
      // What else is said is not listened to.
      socket.resume();
      resolve(line);
    };
    const onData = (chunk: Buffer) => {
      const end = chunk.indexOf('\n');
      const part = end < 0 ? chunk : chunk.subarray(0, end);
      length += part.length;
      chunks.push(part);
      if (length > limit) done();
      else if (end >= 0) done(Buffer.concat(chunks).toString('utf8'));
    };
    const onEnd = () => done();
    socket.on('data', onData).on('close', onEnd).on('end', onEnd);
  });
}
