import { type ChildProcess, spawn } from 'node:child_process';
import { readAllocation } from '../allocation';
import { layoutHere } from '../here';
import { endChild } from '../system/end-child';
import { freePort, isFree } from '../system/ports';
import { waitUntil } from '../system/wait';
import { apiOf } from './api';
import { apiserverDaemon } from './control-plane';
import { adminToken } from './credentials';

/**
 * Of none that a sandbox allocates. Each process looks from a place of its own:
 * one that is stopped is to have its port again.
 */
const FIRST_PORT = 26_000 + (process.pid % 2000);
/** Milliseconds; it takes some three seconds. */
const START_DEADLINE = 60_000;

/**
 * Another API server on the cluster's own etcd, which a test may stop and start
 * while everybody else goes on with the first.
 */
export interface SpareApiServer {
  /** `https://127.0.0.1:PORT`, the same after each start. */
  readonly url: string;
  /** Of the administrator. */
  readonly token: string;
  /** Resolves when it answers. Rejects if its port was taken meanwhile. */
  start(): Promise<void>;
  /** As if it were killed: connections break. */
  stop(): Promise<void>;
}

/** @param flags more of them, `--max-requests-inflight=1` */
export async function spareApiServer(
  flags: readonly string[] = [],
): Promise<SpareApiServer> {
  const layout = layoutHere();
  const allocation = await readAllocation(layout);
  if (!allocation) throw new Error('The sandbox is not up.');
  const port = await freePort(FIRST_PORT, new Set());
  const api = await apiOf(layout, port);
  const ports = { ...allocation.ports, apiserver: port };
  const { argv } = apiserverDaemon(layout, { ...allocation, ports }, api);
  const [program = '', ...args] = argv;
  let child: ChildProcess | undefined;
  return {
    url: `https://127.0.0.1:${port}`,
    token: await adminToken(layout),
    async start() {
      // Another that answers there would be taken for it.
      if (!(await isFree(port))) {
        throw new Error(`Somebody else listens at port ${port}.`);
      }
      child = spawn(program, [...args, ...flags], { stdio: 'ignore' });
      const isUp = await waitUntil(
        async () =>
          (await api('/readyz').catch(() => undefined))?.status === 200,
        START_DEADLINE,
      );
      if (!isUp) throw new Error('The spare API server does not start.');
    },
    async stop() {
      if (child) await endChild(child);
    },
  };
}
