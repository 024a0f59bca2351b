import type { WebSocket } from 'ws';

/** Milliseconds. */
const EVERY = 10_000;
const MISSES = 2;
/**
 * Bytes that fit into what lies between us and a program that does not read: a
 * debugger may hold it. More than that, and the kubelet has no ear for a ping.
 */
const HEARD_THROUGH = 64 * 1024;

export interface Heartbeat {
  noteSent(bytes: number): void;
  stop(): void;
}

/**
 * Asks the other side whether it is there: a connection of which the network has
 * gone (a laptop that slept, another Wi-Fi) says nothing by itself.
 * @param onDeath called once, 20 to 30 seconds after it has gone
 * @param every milliseconds
 */
export function heartbeat(
  socket: WebSocket,
  onDeath: () => void,
  every = EVERY,
): Heartbeat {
  let sent = 0;
  let taken = 0;
  let isHeard = true;
  let misses = 0;
  const hear = () => {
    isHeard = true;
  };
  socket.on('message', hear);
  // What comes from there does not tell that what we sent was taken; this does.
  socket.on('pong', (mark) => {
    hear();
    taken = Number(mark.toString());
  });
  const timer = setInterval(() => {
    const isDeaf = socket.isPaused || sent - taken > HEARD_THROUGH;
    misses = isHeard || isDeaf ? 0 : misses + 1;
    isHeard = false;
    if (misses >= MISSES) {
      clearInterval(timer);
      onDeath();
    } else if (socket.readyState === socket.OPEN) socket.ping(String(sent));
  }, every);
  return {
    noteSent: (bytes) => {
      sent += bytes;
    },
    stop: () => clearInterval(timer),
  };
}
