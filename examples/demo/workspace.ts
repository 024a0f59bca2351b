import { readFile, rename, rm, symlink, writeFile, cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Sandbox } from '@nx-slipway/sandbox';
import type { Places } from './places';
import type { Installation } from './plugin';
import { run } from './run';

/** What git and Nx leave in the clone's own folder if somebody works there. */
const NOT_COPIED = new Set(['node_modules', 'dist', '.nx', '.git']);

/**
 * A fresh copy of the shop, the same on every run: what an earlier one left,
 * whole or torn, is replaced. Committed, so that `git diff` tells a visitor
 * what the demo changed.
 */
export async function copyShop(
  places: Places,
  installation: Installation,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<void> {
  const { source, shop } = places;
  const fresh = `${shop}.new`;
  await removeTree(fresh);
  await cp(source, fresh, {
    recursive: true,
    filter: (path) => !NOT_COPIED.has(basename(path)),
  });
  for (const name of ['package.json', 'package-lock.json']) {
    await cp(join(installation.folder, name), join(fresh, name));
  }
  await symlink(
    join(installation.folder, 'node_modules'),
    join(fresh, 'node_modules'),
  );
  await fitToMachine(join(fresh, 'nx.json'), sandbox);
  await commit(fresh, signal);
  await removeTree(shop);
  await rename(fresh, shop);
}

interface ShopNxJson {
  plugins: { options: { registry: unknown; allowContexts: string[] } }[];
  targetDefaults: { 'custom-build': { options: { platform: string } } };
}

/** The registry's port, the cluster and the processor are the machine's own. */
async function fitToMachine(file: string, sandbox: Sandbox): Promise<void> {
  const nxJson = JSON.parse(await readFile(file, 'utf8')) as ShopNxJson;
  for (const plugin of nxJson.plugins) {
    plugin.options.registry = sandbox.registry;
    plugin.options.allowContexts = sandbox.cluster
      ? [sandbox.cluster.context]
      : [];
  }
  nxJson.targetDefaults['custom-build'].options.platform =
    process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';
  await writeFile(file, `${JSON.stringify(nxJson, null, 2)}\n`);
}

async function commit(cwd: string, signal: AbortSignal): Promise<void> {
  const identity = ['user.name=demo', 'user.email=demo@example.com'];
  const settings = [...identity, 'commit.gpgsign=false'];
  const git = (...args: string[]) =>
    run('git', [...settings.flatMap((one) => ['-c', one]), ...args], {
      cwd,
      signal,
    });
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  await git('commit', '--quiet', '--no-verify', '--message=The shop');
}

/** A build that outlived a killed demo may still be writing into it. */
async function removeTree(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
