import { connect, type Socket } from 'node:net';

/** What a connection that cannot be had says of who listened. */
const DEAD = 'ECONNREFUSED';
const GONE = 'ENOENT';

/**
 * @returns `dead` where a socket's file is left of a process that has ended,
 *   which the kernel knows for certain, and `gone` where there is none
 * @throws the error of the system
 */
export function connectTo(address: string): Promise<Socket | 'dead' | 'gone'> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    const onError = (error: NodeJS.ErrnoException) => {
      if (error.code === DEAD) resolve('dead');
      else if (error.code === GONE) resolve('gone');
      else reject(error);
    };
    socket.once('error', onError);
    socket.once('connect', () => {
      socket.off('error', onError);
      resolve(socket);
    });
  });
}
