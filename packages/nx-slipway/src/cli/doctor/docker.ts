import { stat } from 'node:fs/promises';
import type { DockerEngine, DockerInfo } from '../../docker';
import { formatPlatform, hostPlatform } from '../../image';
import { findOnPath } from '../../tool';
import type { Terminal } from '../terminal';
import { checkDisk } from './disk';
import { ok, skip, warn, type Finding } from './finding';
import { runProgram } from './program';

/** Go's names, which platforms use, for what uname says. */
const MACHINES: Readonly<Record<string, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  armv7l: 'arm',
  armv6l: 'arm',
  i386: '386',
  i686: '386',
};

/** @param arch as `process.arch` gives it */
export async function checkDocker(
  docker: DockerEngine,
  info: Promise<DockerInfo>,
  arch: string,
): Promise<Finding> {
  await docker.ping();
  const known = await info;
  const { version, apiVersion, operatingSystem, architecture } = known;
  const store = known.isContainerdStore
    ? `containerd store (${known.storageDriver})`
    : known.storageDriver;
  const detail = `${version} (API ${apiVersion}) at ${docker.address}, ${operatingSystem}, ${store}, ${architecture}`;
  const built = { os: 'linux', architecture: goName(architecture) };
  const wanted = hostPlatform(arch);
  if (built.architecture === wanted.architecture) return ok(detail);
  return warn(
    `${detail}; but builds here are for ${formatPlatform(wanted)} unless told otherwise.`,
    `Set the option platform to what your cluster runs, for example ${formatPlatform(built)}.`,
  );
}

function goName(machine: string): string {
  return MACHINES[machine] ?? machine;
}

/** Whether a user who types docker sees what builds see. */
export async function checkDockerCommand(
  docker: DockerEngine,
  { env, cwd }: Terminal,
): Promise<Finding> {
  const path = findOnPath('docker', env);
  if (path === undefined) return skip('no docker command on PATH');
  const args = ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'];
  const { exitCode, stdout, stderr } = await runProgram(path, args, {
    cwd,
    env,
  });
  const host = stdout.trim();
  if (exitCode !== 0) {
    return warn(
      `${path} does not say which daemon it talks to: ${stderr.trim()}`,
      'See docker context ls, DOCKER_HOST and DOCKER_CONTEXT.',
    );
  }
  if ((await addressOf(host, env)) === docker.address) {
    return ok(`${path} has the same address`);
  }
  return warn(
    `${path} talks to ${host}, and nx-slipway to ${docker.address}.`,
    'Set DOCKER_HOST, or choose the context: docker context use NAME.',
  );
}

/** In full, as nx-slipway writes it: a port may be left out, and so on. */
async function addressOf(host: string, env: Terminal['env']): Promise<string> {
  const { connectDocker } = await import('../../docker');
  const same = connectDocker({ ...env, DOCKER_HOST: host });
  same.close();
  return same.address;
}

/** Where Docker keeps its images, if that is a disk of this machine. */
export async function checkDockerDisk(
  docker: DockerEngine,
  info: Promise<DockerInfo>,
): Promise<Finding> {
  const { dockerRootDir } = await info;
  const isHere =
    dockerRootDir !== undefined &&
    isLocal(docker) &&
    (await isFolder(dockerRootDir));
  if (!isHere) return skip('Docker keeps its images elsewhere');
  return checkDisk(
    dockerRootDir,
    'where Docker keeps its images',
    'slipway prune and docker system prune make room.',
  );
}

/** Whether the daemon's localhost may be this machine's. */
export function isLocal({ address }: Pick<DockerEngine, 'address'>): boolean {
  return (
    /^(?:unix|npipe):/.test(address) ||
    /^tcp:\/\/(?:localhost|127\.[\d.]+|\[::1\]):/.test(address)
  );
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    // In a virtual machine, or of another user: not ours to measure.
    return false;
  }
}
