import { mkdir, readdir, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isErrno } from '../error';
import { readText } from './files';
import { killProcess, type Process, readProcess } from './process';
import { waitUntil } from './wait';

interface Hierarchy {
  readonly mount: string;
  readonly version: 1 | 2;
  readonly controllers: readonly string[];
}

/** From /proc/mounts: v1 has a hierarchy for each controller, v2 one for all. */
export function parseHierarchies(mounts: string): Hierarchy[] {
  return mounts.split('\n').flatMap((line): Hierarchy[] => {
    const [, mount, type, options] = line.split(' ');
    if (mount === undefined || options === undefined) return [];
    const controllers = options.split(',');
    if (type === 'cgroup2') return [{ mount, version: 2, controllers: [] }];
    return type === 'cgroup' ? [{ mount, version: 1, controllers }] : [];
  });
}

/**
 * The hierarchy whose membership tells what belongs to a sandbox. It must be
 * one that runc puts containers into: on a hybrid machine not the v2 one.
 */
export function trackingHierarchy(all: readonly Hierarchy[]) {
  const v1 = all.filter((hierarchy) => hierarchy.version === 1);
  const with_ = (name: string) =>
    v1.find((hierarchy) => hierarchy.controllers.includes(name));
  return with_('pids') ?? with_('memory') ?? v1[0] ?? all[0];
}

const hierarchies = async () =>
  parseHierarchies((await readText('/proc/mounts')) ?? '');

async function trackingFolder(cgroup: string): Promise<string | undefined> {
  const hierarchy = trackingHierarchy(await hierarchies());
  return hierarchy && join(hierarchy.mount, cgroup);
}

/** Makes `cgroup` where processes are tracked; returns its folder. */
export async function makeTracked(cgroup: string): Promise<string> {
  const folder = await trackingFolder(cgroup);
  if (folder === undefined) throw new Error('No cgroup hierarchy is mounted.');
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Makes `cgroup` in every hierarchy: a runtime wants its parent in all. */
export async function makeEverywhere(cgroup: string): Promise<void> {
  const all = await hierarchies();
  const v1 = all.filter((hierarchy) => hierarchy.version === 1);
  for (const { mount, version } of v1.length > 0 ? v1 : all) {
    let folder = mount;
    for (const part of cgroup.split('/').filter(Boolean)) {
      if (version === 2) await delegate(folder);
      folder = join(folder, part);
      await mkdir(folder, { recursive: true });
      if (mount.includes('cpuset')) await inheritCpuset(folder);
    }
    if (version === 2) await delegate(folder);
  }
}

/** v2: children have only the controllers that their parent hands on. */
async function delegate(folder: string) {
  const names = (await readText(join(folder, 'cgroup.controllers'))) ?? '';
  const wanted = names.trim().split(' ').filter(Boolean);
  if (wanted.length === 0) return;
  const line = wanted.map((name) => `+${name}`).join(' ');
  await writeFile(join(folder, 'cgroup.subtree_control'), line);
}

/** v1: a new cpuset is empty, and no process may enter an empty one. */
async function inheritCpuset(folder: string) {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const own = (await readText(join(folder, file)))?.trim();
    if (own !== '') continue;
    const parents = await readText(join(folder, '..', file));
    await writeFile(join(folder, file), parents?.trim() ?? '');
  }
}

async function subfolders(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((e) => e.isDirectory()).map((e) => e.name);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENODEV')) return [];
    throw error;
  }
}

/** The names of the cgroups directly under `cgroup`. */
export async function childCgroups(cgroup: string): Promise<string[]> {
  const folder = await trackingFolder(cgroup);
  return folder === undefined ? [] : subfolders(folder);
}

async function members(folder: string, deep: boolean): Promise<Process[]> {
  const pids = (await readText(join(folder, 'cgroup.procs'))) ?? '';
  const own = await Promise.all(
    pids.split('\n').filter(Boolean).map(Number).map(readProcess),
  );
  const found = own.filter((process) => process !== undefined);
  if (!deep) return found;
  const below = await Promise.all(
    (await subfolders(folder)).map((name) => members(join(folder, name), true)),
  );
  return [...found, ...below.flat()];
}

/** The living processes in `cgroup`, with `deep` also in those under it. */
export async function processesIn(
  cgroup: string,
  deep = false,
): Promise<Process[]> {
  const folder = await trackingFolder(cgroup);
  return folder === undefined ? [] : members(folder, deep);
}

/** Kills all that lives in `cgroup` and under it, forks included. */
export async function killCgroup(cgroup: string): Promise<void> {
  await waitUntil(async () => {
    const living = await processesIn(cgroup, true);
    await Promise.all(living.map(killProcess));
    return living.length === 0;
  }, 10_000);
}

async function removeFolder(folder: string): Promise<void> {
  for (const name of await subfolders(folder)) {
    await removeFolder(join(folder, name));
  }
  // Busy for a moment after its last process has ended.
  await waitUntil(async () => {
    try {
      await rmdir(folder);
    } catch (error) {
      if (isErrno(error, 'EBUSY')) return false;
      if (!isErrno(error, 'ENOENT')) throw error;
    }
    return true;
  }, 5000);
}

/** Removes `cgroup` from every hierarchy; its processes must be gone. */
export async function removeCgroup(cgroup: string): Promise<void> {
  for (const { mount } of await hierarchies()) {
    const folder = join(mount, cgroup);
    await removeFolder(folder);
    await rmdir(dirname(folder)).catch((error: unknown) => {
      // Another sandbox is in it, or there is none.
      if (!isErrno(error, 'EBUSY', 'ENOTEMPTY', 'ENOENT')) throw error;
    });
  }
}
