import { randomBytes } from 'node:crypto';
import { chmod, rename, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { SlipwayError } from '../../report';
import type { ServeControls } from '../status';
import { oneLineOf } from './one-line-of';
import { makeOwnFolder } from './own-folder';
import { PIPES, socketName, type ControlPlace } from './place';
import { answerTo } from './protocol';
import { sweep } from './sweep';

export interface Control {
  /** Lets nobody ask any more, and leaves no file. */
  close(): Promise<void>;
}

/** In bytes: a command and the name of an image. */
const MAX_REQUEST = 4096;
/** Who asks does so at once. */
const IDLE_MS = 5000;
const MAX_ASKING = 32;
/** In bytes: 104 on macOS, 108 on Linux, with the zero at the end. */
const MAX_PATH = 103;

/**
 * Lets other processes of this user ask a running serve.
 * @throws SLIPWAY_E_STATE where no folder can be had for it
 */
export async function startControl(
  place: ControlPlace,
  controls: ServeControls,
): Promise<Control> {
  const asking = new Set<Socket>();
  const server = createServer((socket) => {
    asking.add(socket);
    socket.once('close', () => asking.delete(socket));
    // Who has asked is gone.
    socket.on('error', () => undefined);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    void oneLineOf(socket, MAX_REQUEST).then((line) => {
      if (line === undefined) socket.destroy();
      else socket.end(`${answerTo(line, controls)}\n`);
    });
  });
  server.maxConnections = MAX_ASKING;
  const address = await listenIn(place, server);
  // Too many files are open: who asks now is refused, and serve goes on.
  server.on('error', () => undefined);
  server.unref();
  await sweep(place, address);
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of asking) socket.destroy();
      await closed;
      await rm(address, { force: true });
    },
  };
}

/** In the first folder that can be had. */
async function listenIn(place: ControlPlace, server: Server): Promise<string> {
  const id = randomBytes(3).toString('hex');
  const name = socketName(place, process.pid, id);
  const refusals: unknown[] = [];
  for (const folder of place.folders) {
    const address = join(folder, name);
    if (folder === PIPES) {
      await listen(server, address);
      return address;
    }
    if (Buffer.byteLength(address) > MAX_PATH) continue;
    try {
      await makeOwnFolder(folder, place.uid);
      // It has its name only when it answers: one that does not is a dead one's.
      const unnamed = join(folder, `${place.workspace}-${id}.new`);
      await listen(server, unnamed);
      await chmod(unnamed, 0o600);
      await rename(unnamed, address);
      return address;
    } catch (error) {
      refusals.push(error);
    }
  }
  throw noFolder(refusals);
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function noFolder(refusals: readonly unknown[]): unknown {
  const ours = refusals.find((error) => error instanceof SlipwayError);
  if (ours) return ours;
  const said = refusals.map((error) => (error as Error).message).join('; ');
  return new SlipwayError({
    code: 'SLIPWAY_E_STATE',
    message: `there is no folder in which a running serve could be asked: ${said || 'all paths are too long'}.`,
    hint: 'Set XDG_RUNTIME_DIR to a folder of your own with a short path.',
    cause: refusals[0],
  });
}
