import { PassThrough } from 'node:stream';
import { SlipwayError } from '../../../report';
import type { LinkParts } from '../link';

type Exec = LinkParts['exec'];

export const lost = () =>
  new SlipwayError({
    code: 'SLIPWAY_E_CLUSTER_UNREACHABLE',
    message: 'the connection broke.',
  });

/**
 * Of which the first connections break once so many bytes have been sent: the
 * command is told that its stdin has ended, as the kubelet does it.
 */
export function breakingExec(exec: Exec, limits: readonly number[]): Exec {
  const left = [...limits];
  return async (command, options) => {
    const stream = await exec(command, options);
    const limit = options.stdin ? left.shift() : undefined;
    if (limit === undefined) return stream;
    const stdin = new PassThrough();
    const ended = new Promise<never>((_, reject) => {
      let sent = 0;
      stdin.on('data', (data: Buffer) => {
        stream.stdin.write(data.subarray(0, Math.max(0, limit - sent)));
        sent += data.length;
        if (sent < limit) return;
        stream.stdin.end();
        stdin.destroy();
        void stream.ended.then(() => reject(lost()));
      });
    });
    ended.catch(() => undefined);
    return { ...stream, stdin, ended };
  };
}
