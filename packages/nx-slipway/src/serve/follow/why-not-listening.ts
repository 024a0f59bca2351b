import { holderOf } from './port-holder';

/**
 * Why a port of this machine cannot be listened at, and what to do.
 * @param error of the socket
 */
export async function whyNotListening(
  port: number,
  { code = '', message }: NodeJS.ErrnoException,
): Promise<string> {
  if (code === 'EACCES') {
    return `you may not listen at port ${port}. Choose one from 1024 on.`;
  }
  if (code !== 'EADDRINUSE') return `port ${port}: ${message}`;
  const holder = await holderOf(port);
  const who = holder?.endsWith(`(pid ${process.pid})`)
    ? 'another port-forward of this serve'
    : (holder ?? 'another program');
  return `port ${port} is taken by ${who}. Choose another \`port\` in portForwards, or end that: it is tried again.`;
}
