import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Layout } from './layout';
import { json, readJson, writeWhole } from './system/files';
import { listLinks } from './system/links';
import { freePort } from './system/ports';
import { run } from './system/run';

export const PORT_NAMES = [
  'registry',
  'etcd',
  'etcdPeer',
  'apiserver',
  'controllerManager',
  'scheduler',
  'kubelet',
  'kubeletHealth',
  'proxyHealth',
  'proxyMetrics',
] as const;
export type PortName = (typeof PORT_NAMES)[number];

/** What one sandbox took of the machine. Kept by `down`: names stay the same. */
export interface Allocation {
  readonly ports: { readonly [P in PortName]: number };
  /** The sandbox's networks are all within 10.<octet>.0.0/16. */
  readonly octet: number;
}

/** Of a sandbox that starts nothing itself. */
export const NOTHING_ALLOCATED: Allocation = {
  ports: Object.fromEntries(
    PORT_NAMES.map((name) => [name, 0]),
  ) as Allocation['ports'],
  octet: 0,
};

export interface Networks {
  readonly dockerBridge: string;
  /** What Docker gives to networks that a user makes. */
  readonly dockerPool: string;
  readonly node: string;
  readonly pods: string;
  readonly services: string;
}

export function networksOf(octet: number): Networks {
  const at = (rest: string) => `10.${octet}.${rest}`;
  return {
    dockerBridge: at('0.1/24'),
    node: at('1.1'),
    dockerPool: at('64.0/18'),
    pods: at('128.0/18'),
    services: at('192.0/18'),
  };
}

/** Starts anywhere, so that two sandboxes seldom meet; skips what is used. */
export function chooseOctet(id: string, used: ReadonlySet<number>): number {
  const first = createHash('sha256').update(id).digest().readUInt8(0);
  for (let step = 0; step < 256; step++) {
    const octet = (first + step) % 256;
    if (octet > 1 && !used.has(octet)) return octet;
  }
  throw new Error('No network 10.x.0.0/16 is free.');
}

function isAllocation(value: unknown): value is Allocation {
  const { ports, octet } = (value ?? {}) as Partial<Allocation>;
  return (
    typeof octet === 'number' &&
    typeof ports === 'object' &&
    PORT_NAMES.every((name) => typeof ports[name] === 'number')
  );
}

async function usedOctets(): Promise<Set<number>> {
  const routes = JSON.parse(await run(['ip', '-j', 'route'])) as {
    dst: string;
  }[];
  const links = (await listLinks()).flatMap((link) =>
    link.addr_info.map((address) => address.local ?? ''),
  );
  const addresses = [...links, ...routes.map((route) => route.dst)];
  return new Set(
    addresses.flatMap((a) => Number(/^10\.(\d+)\./.exec(a)?.[1] ?? NaN)),
  );
}

const fileOf = (layout: Layout) => join(layout.data, 'allocation.json');

export function readAllocation(layout: Layout) {
  return readJson(fileOf(layout), isAllocation);
}

/**
 * The allocation of before with what is no longer free chosen anew; call it
 * while nothing of the sandbox runs.
 */
export async function allocate(layout: Layout): Promise<Allocation> {
  const before = await readAllocation(layout);
  const used = await usedOctets();
  const octet =
    before && !used.has(before.octet)
      ? before.octet
      : chooseOctet(layout.id, used);
  const first = 15_000 + (octet % 10) * 1000;
  const taken = new Set<number>();
  const ports: Partial<Record<PortName, number>> = {};
  for (const name of PORT_NAMES) {
    const port = await freePort(before?.ports[name] ?? first, taken);
    taken.add(port);
    ports[name] = port;
  }
  const allocation = { ports, octet };
  if (!isAllocation(allocation)) throw new Error('unreachable');
  await writeWhole(fileOf(layout), json(allocation));
  return allocation;
}
