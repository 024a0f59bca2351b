import type { Allocation } from './allocation';
import { clusterUp } from './cluster/up';
import { dockerDaemon, prepareDocker } from './daemons/docker';
import {
  prepareRegistry,
  registryDaemon,
  registryHost,
} from './daemons/registry';
import { ensureDaemon } from './daemons/supervise';
import { BUSYBOX, JAVA } from './images/base-images';
import { publish } from './images/publish';
import { isRoot } from './here';
import type { Layout } from './layout';
import { isOwnDocker, isOwnRegistry, type Plan } from './options';
import type { Report } from './report';
import { describeSandbox } from './sandbox';
import type { Settings } from './settings';
import { makeEverywhere } from './system/cgroup';
import { buildGoTool, checkGo } from './tools/build';
import {
  allowServices,
  checkDebian,
  installPackages,
  missingPackages,
} from './tools/packages';
import {
  CLUSTER_TOOLS,
  type GoTool,
  isBuilt,
  KO,
  KUBERNETES,
} from './tools/tools';

function toolsFor(layout: Layout, settings: Settings): GoTool[] {
  // ko is quick, and Docker is of use meanwhile: the long one goes first.
  const wanted = settings.cluster ? [KUBERNETES, KO, ...CLUSTER_TOOLS] : [KO];
  return wanted.filter((tool) => !isBuilt(layout, tool));
}

export async function planOf(
  layout: Layout,
  settings: Settings,
): Promise<Plan> {
  return {
    packages: await missingPackages(settings.cluster),
    builds: toolsFor(layout, settings).map(
      (tool) => `${tool.name} (${tool.takes})`,
    ),
  };
}

/** What must be there before anything is installed. */
export async function checkMachine(layout: Layout, settings: Settings) {
  await checkDebian(isRoot());
  if (toolsFor(layout, settings).length > 0) await checkGo();
}

/** One after the other: each build uses all cores by itself. */
async function buildTools(layout: Layout, settings: Settings, report: Report) {
  const tools = toolsFor(layout, settings);
  for (const tool of tools) {
    const build = () => buildGoTool(layout, tool);
    await report.step(`${tool.name}, from Go modules`, build, tool.takes);
  }
}

async function installMissing(settings: Settings, report: Report) {
  await allowServices();
  const missing = await missingPackages(settings.cluster);
  if (missing.length === 0) return;
  const install = () => installPackages(missing);
  await report.step(`Debian packages: ${missing.join(' ')}`, install);
}

async function startRegistry(layout: Layout, allocation: Allocation) {
  await prepareRegistry(layout, allocation);
  await ensureDaemon(layout, registryDaemon(layout, allocation));
}

async function startDocker(
  layout: Layout,
  allocation: Allocation,
  settings: Settings,
) {
  const mirror = isOwnRegistry(settings)
    ? `127.0.0.1:${allocation.ports.registry}`
    : undefined;
  await makeEverywhere(`${layout.cgroup}/containers`);
  await prepareDocker(layout, allocation, mirror);
  await ensureDaemon(layout, dockerDaemon(layout));
}

/** Docker, the registry, and the base images in both. */
async function startStores(
  layout: Layout,
  allocation: Allocation,
  settings: Settings,
  report: Report,
): Promise<void> {
  const docker = isOwnDocker(settings);
  const registry = isOwnRegistry(settings);
  await Promise.all([
    docker &&
      report.step('Docker', () => startDocker(layout, allocation, settings)),
    registry &&
      report.step('registry', () => startRegistry(layout, allocation)),
  ]);
  // What somebody else runs is not ours to fill.
  if (!docker) return;
  const host = registry ? registryHost(allocation) : undefined;
  await report.step('base images', async () => {
    await publish(layout, host, BUSYBOX);
    await publish(layout, host, JAVA);
  });
}

/**
 * Makes everything that is ours run. While Kubernetes is built, all that does
 * not need it is installed and started.
 */
export async function bringUp(
  layout: Layout,
  allocation: Allocation,
  settings: Settings,
  report: Report,
): Promise<void> {
  const installed = installMissing(settings, report);
  const built = buildTools(layout, settings, report);
  const { registry } = describeSandbox(layout, allocation, settings);
  const own = isOwnRegistry(settings);
  const cluster = async () => {
    await Promise.all([installed, built]);
    if (!settings.cluster) return;
    await report.step('Kubernetes', () =>
      clusterUp(layout, allocation, { ...registry, own }),
    );
  };
  await Promise.all([
    installed.then(() => startStores(layout, allocation, settings, report)),
    cluster(),
  ]);
}
