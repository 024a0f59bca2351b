import { acquireLock } from '../bootstrap';
import {
  allocate,
  type Allocation,
  NOTHING_ALLOCATED,
  readAllocation,
} from './allocation';
import { bringUp, checkMachine, planOf } from './bring-up';
import { refuseSecondCluster } from './cluster/up';
import { tellRegistry } from './cluster/registry-config-map';
import { allHealthy, allRunning, daemonsOf } from './daemons/all';
import { sandboxLock, stopEverything, sweep } from './down';
import { SandboxError } from './error';
import { checkExternal } from './external';
import { layoutHere } from './here';
import type { Layout } from './layout';
import { isOwnAnything, settingsFor, type UpOptions } from './options';
import { SILENT } from './report';
import { describeSandbox, type Sandbox } from './sandbox';
import { readSettings, type Settings, writeSettings } from './settings';
import { processesIn } from './system/cgroup';
import { readText, removeTree } from './system/files';

/** The sandbox as it is now, if all of it runs; a few milliseconds. */
export async function readSandbox(name?: string): Promise<Sandbox | undefined> {
  const layout = layoutHere(name);
  const settings = await readSettings(layout);
  return settings && readRunning(layout, settings, false);
}

async function readRunning(
  layout: Layout,
  settings: Settings,
  thorough: boolean,
): Promise<Sandbox | undefined> {
  // An `up` that was killed may have started all and filled nothing.
  if (!settings.ready) return undefined;
  const allocation = isOwnAnything(settings)
    ? await readAllocation(layout)
    : NOTHING_ALLOCATED;
  if (allocation === undefined) return undefined;
  const daemons = await daemonsOf(layout, allocation, settings);
  if (!(await allRunning(layout, daemons))) return undefined;
  if (thorough && !(await allHealthy(daemons))) return undefined;
  return describeSandbox(layout, allocation, settings);
}

/** What runs keeps its ports; when nothing does, leftovers go first. */
async function allocationFor(layout: Layout): Promise<Allocation> {
  const before = await readAllocation(layout);
  const living = await processesIn(layout.cgroup, true);
  if (before && living.length > 0) return before;
  if (living.length > 0) await stopEverything(layout);
  await sweep(layout);
  const allocation = await allocate(layout);
  // Its Services have addresses of the old network.
  if (before?.octet !== allocation.octet) await removeTree(layout.cluster);
  return allocation;
}

async function confirmed(options: UpOptions, settings: Settings) {
  if (!isOwnAnything(settings)) return;
  await checkMachine(layoutHere(options.name), settings);
  const plan = await planOf(layoutHere(options.name), settings);
  if (plan.packages.length + plan.builds.length === 0) return;
  if ((await options.confirm?.(plan)) !== false) return;
  throw new SandboxError('SANDBOX_E_DECLINED', 'Nothing was installed.');
}

/** Serialised: two at once would start everything twice. */
async function upUnderLock(
  layout: Layout,
  options: UpOptions,
  settings: Settings,
): Promise<Sandbox> {
  const report = options.report ?? SILENT;
  await checkExternal(settings.external);
  await confirmed(options, settings);
  if (settings.cluster) await refuseSecondCluster(layout);
  const own = isOwnAnything(settings);
  const allocation = own ? await allocationFor(layout) : NOTHING_ALLOCATED;
  const forward = await readText('/proc/sys/net/ipv4/ip_forward');
  const full = { ...settings, ipForward: settings.ipForward ?? forward };
  // Before anything starts: `down` after a kill must know what to look for.
  await writeSettings(layout, full);
  if (own) await bringUp(layout, allocation, full, report);
  await writeSettings(layout, { ...full, ready: true });
  return describeSandbox(layout, allocation, full);
}

async function up(layout: Layout, options: UpOptions): Promise<Sandbox> {
  const release = await acquireLock(sandboxLock(layout));
  try {
    const before = await readSettings(layout);
    const settings = settingsFor(layout, options, before, process.env);
    return await upUnderLock(layout, options, settings);
  } finally {
    await release();
  }
}

/** Two sandboxes that both ask for the cluster: the second sees the first. */
async function upWithCluster(layout: Layout, options: UpOptions) {
  const release = await acquireLock('cluster of this machine');
  try {
    return await up(layout, options);
  } finally {
    await release();
  }
}

/**
 * Brings the sandbox up, or heals it. When all of it runs and answers already
 * this takes 0.1 s, so that every test may call it.
 * @throws SandboxError
 */
export async function ensureSandbox(options: UpOptions = {}): Promise<Sandbox> {
  const layout = layoutHere(options.name);
  const before = await readSettings(layout);
  const settings = settingsFor(layout, options, before, process.env);
  const running =
    before && before.cluster === settings.cluster
      ? await readRunning(layout, before, true)
      : undefined;
  const sandbox =
    running ?? (await (settings.cluster ? upWithCluster : up)(layout, options));
  if (options.registryConfigMap !== undefined && settings.cluster) {
    await tellRegistry(
      layout,
      options.registryConfigMap ? sandbox.registry : undefined,
    );
  }
  return sandbox;
}
