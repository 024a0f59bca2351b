import { NOTHING_ALLOCATED, readAllocation } from './allocation';
import { daemonsOf } from './daemons/all';
import type { Daemon } from './daemons/daemon';
import { findDaemon } from './daemons/supervise';
import { layoutHere } from './here';
import type { Layout } from './layout';
import { isOwnAnything } from './options';
import { describeSandbox, type Sandbox } from './sandbox';
import { readSettings } from './settings';

export interface DaemonStatus {
  readonly name: string;
  readonly pid?: number;
  readonly health: 'healthy' | 'not answering' | 'not running';
}

export interface Status {
  readonly name: string;
  readonly state: 'up' | 'degraded' | 'down';
  readonly daemons: readonly DaemonStatus[];
  readonly sandbox?: Sandbox;
}

async function statusOf(layout: Layout, daemon: Daemon): Promise<DaemonStatus> {
  const { name } = daemon;
  const process = await findDaemon(layout, daemon);
  if (process === undefined) return { name, health: 'not running' };
  const healthy = await daemon.healthy();
  return {
    name,
    pid: process.pid,
    health: healthy ? 'healthy' : 'not answering',
  };
}

/** Unlike `readSandbox` this asks each daemon whether it answers. */
export async function readStatus(name?: string): Promise<Status> {
  const layout = layoutHere(name);
  const settings = await readSettings(layout);
  if (settings === undefined) {
    return { name: layout.name, state: 'down', daemons: [] };
  }
  const allocation = isOwnAnything(settings)
    ? await readAllocation(layout)
    : NOTHING_ALLOCATED;
  if (allocation === undefined) {
    return { name: layout.name, state: 'degraded', daemons: [] };
  }
  const daemons = await Promise.all(
    (await daemonsOf(layout, allocation, settings)).map((daemon) =>
      statusOf(layout, daemon),
    ),
  );
  const up = daemons.every(({ health }) => health === 'healthy');
  return {
    name: layout.name,
    state: up ? 'up' : 'degraded',
    daemons,
    sandbox: describeSandbox(layout, allocation, settings),
  };
}
