import { packageInfo } from '../../tool';
import type { AskedCluster } from './cluster';
import { checkDisk } from './disk';
import { checkDocker, checkDockerCommand, checkDockerDisk } from './docker';
import { skip, type Check } from './finding';
import { checkGitIgnore } from './git-ignore';
import { checkManifests } from './manifests';
import {
  checkCredentials,
  checkRegistry,
  checkRegistryInDocker,
} from './registry';
import {
  ask,
  chooseRegistry,
  credentialsOf,
  once,
  openDocker,
  openRegistry,
  withDocker,
  type Doctor,
} from './systems';
import { checkNode, checkNx } from './versions';
import { checkWatchLimits } from './watch-limits';

const WATCH_LIMITS = '/proc/sys/fs/inotify';

/** All checks, in the order in which they are told. */
export function checksFor(doctor: Doctor): Check[] {
  const { terminal, root, context, options } = doctor;
  const { env, cwd } = terminal;
  const info = packageInfo();
  const docker = once(() => openDocker(doctor));
  const named = once(() => ask(doctor, context ?? ''));
  const chosen = once(() => chooseRegistry(doctor, named));
  const contexts = context === undefined ? options.allowContexts : [context];
  return [
    {
      name: 'node',
      look: () => Promise.resolve(checkNode(process.versions.node, info)),
    },
    { name: 'nx', look: () => checkNx(root, info) },
    {
      name: 'docker',
      look: async () => {
        const { engine, info } = await docker();
        return checkDocker(engine, info, process.arch);
      },
    },
    {
      name: 'docker command',
      look: async () => checkDockerCommand((await docker()).engine, terminal),
    },
    {
      name: 'docker disk',
      look: () => withDocker(docker, checkDockerDisk),
    },
    {
      name: 'registry',
      look: async () =>
        checkRegistry(await chosen(), (host, registry) =>
          openRegistry(doctor, host, registry),
        ),
    },
    {
      name: 'registry in docker',
      look: () =>
        withDocker(docker, async (engine, info) =>
          checkRegistryInDocker(await chosen(), engine, info),
        ),
    },
    {
      name: 'credentials',
      look: async () => checkCredentials(await chosen(), credentialsOf(doctor)),
    },
    ...clusterChecks(contexts, (name) =>
      name === context ? named() : ask(doctor, name),
    ),
    { name: 'watch limits', look: () => checkWatchLimits(WATCH_LIMITS) },
    {
      name: 'disk',
      look: () =>
        checkDisk(root ?? cwd, 'where the work is', 'Make room there.'),
    },
    { name: 'manifests', look: () => checkManifests(root, options) },
    { name: 'git', look: () => checkGitIgnore(root, env) },
  ];
}

function clusterChecks(
  contexts: readonly string[],
  asked: (context: string) => Promise<AskedCluster>,
): Check[] {
  if (contexts.length === 0) {
    const finding = skip(
      'no context is named: --context NAME, or allowContexts in nx.json',
    );
    return [{ name: 'cluster', look: () => Promise.resolve(finding) }];
  }
  return contexts.map((name) => ({
    name: `cluster ${name}`,
    look: async () => (await asked(name)).finding,
  }));
}
