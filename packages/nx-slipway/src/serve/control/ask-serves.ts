import { rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { faultOf } from '../fault';
import { SlipwayError, formatDuration } from '../../report';
import { connectTo } from './connect';
import { namesIn } from './names-in';
import { oneLineOf } from './one-line-of';
import { pidInName, type ControlPlace } from './place';
import {
  formatRequest,
  parseReply,
  type ServeReply,
  type ServeRequest,
} from './protocol';

/** A serve of the workspace. */
export interface FoundServe {
  readonly pid: number;
  /** Of its socket or pipe. */
  readonly address: string;
}

export type ServeAnswer = FoundServe & ServeReply;

/** In bytes: the state of a thousand images. */
const MAX_REPLY = 4 * 1024 * 1024;
/** Serve may be busy for a moment, or stopped by Ctrl-Z. */
const PATIENCE_MS = 5000;

/** All that seem to run, the oldest process first. */
export async function findServes(place: ControlPlace): Promise<FoundServe[]> {
  const found: FoundServe[] = [];
  for (const folder of place.folders) {
    for (const name of await namesIn(folder, place.uid)) {
      const pid = pidInName(name, place.workspace);
      if (pid !== undefined) found.push({ pid, address: join(folder, name) });
    }
  }
  return found.sort((a, b) => a.pid - b.pid);
}

/**
 * Asks each of them the same, all at once. Those that have ended do not answer,
 * and what they have left is taken away; why others do not is their answer.
 */
export async function askServes(
  serves: readonly FoundServe[],
  request: ServeRequest,
  patience = PATIENCE_MS,
): Promise<ServeAnswer[]> {
  const answers = await Promise.all(
    serves.map(async (serve) => {
      const reply = await replyOf(serve, request, patience);
      return reply && { ...serve, ...reply };
    }),
  );
  return answers.filter((answer) => answer !== undefined);
}

async function replyOf(
  serve: FoundServe,
  request: ServeRequest,
  patience: number,
): Promise<ServeReply | undefined> {
  try {
    const socket = await connectTo(serve.address);
    if (socket === 'dead') await rm(serve.address, { force: true });
    if (typeof socket === 'string') return undefined;
    return await talk(socket, request, patience);
  } catch (error) {
    return { fault: faultOf(error, []) };
  }
}

/** @throws SLIPWAY_E_NO_SERVE */
async function talk(
  socket: Socket,
  request: ServeRequest,
  patience: number,
): Promise<ServeReply | undefined> {
  let isLate = false;
  // It ends while it is asked; that is no news.
  socket.on('error', () => undefined);
  const timer = setTimeout(() => {
    isLate = true;
    socket.destroy();
  }, patience);
  try {
    const line = oneLineOf(socket, MAX_REPLY);
    socket.write(`${formatRequest(request)}\n`);
    const reply = await line;
    if (reply !== undefined) return parseReply(reply);
    if (!isLate) return undefined;
    throw new SlipwayError({
      code: 'SLIPWAY_E_NO_SERVE',
      message: `it has not answered for ${formatDuration(patience)}.`,
      hint: 'It is stopped, or hangs: end it, and start nx serve again.',
    });
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}
