import { rm, writeFile } from 'node:fs/promises';
import { isErrno, SandboxError } from '../error';
import { readText } from '../system/files';
import { run, succeeds } from '../system/run';

const PACKAGES = [
  'docker.io',
  'docker-registry',
  'buildah',
  'podman',
  'skopeo',
  'busybox-static',
  'iproute2',
  'util-linux',
] as const;

const CLUSTER_PACKAGES = [
  'containerd',
  'runc',
  'etcd-server',
  'containernetworking-plugins',
  'conntrack',
  'iptables',
  'openssl',
  'socat',
] as const;

/**
 * Commands that may have come another way than from Debian: any JDK with jlink
 * makes the Java base image, any Maven runs Jib, and Bazel builds an image too.
 */
const COMMAND_PACKAGES = {
  bazel: 'bazel-bootstrap',
  git: 'git',
  jlink: 'openjdk-17-jdk-headless',
  mvn: 'maven',
} as const;

/** The packages of dpkg-query's answer that are not wholly installed. */
export function missingIn(answer: string, wanted: readonly string[]): string[] {
  const installed = new Set(
    answer
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return wanted.filter((name) => !installed.has(name));
}

/** What of Debian's the sandbox needs and the machine lacks. */
export async function missingPackages(cluster: boolean): Promise<string[]> {
  const wanted = [...PACKAGES, ...(cluster ? CLUSTER_PACKAGES : [])];
  // Fails for a name that dpkg never heard of, but answers for the others.
  const answer = await run([
    'sh',
    '-c',
    'dpkg-query -W -f \'${Package} ${db:Status-Status}\\n\' "$@" 2>&- || :',
    'dpkg-query',
    ...wanted,
  ]);
  const missing = missingIn(answer, wanted);
  const commands = await Promise.all(
    Object.entries(COMMAND_PACKAGES).map(async ([command, name]) =>
      (await succeeds([command, '--version'])) ? [] : [name],
    ),
  );
  return [...missing, ...commands.flat()];
}

const POLICY = '/usr/sbin/policy-rc.d';
const POLICY_TEXT =
  '#!/bin/sh\n# Put here by nx-slipway while it installs packages.\nexit 101\n';

/**
 * Keeps packages from starting the services they bring: the sandbox starts
 * its own. A policy that is there already is left alone.
 * https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
 */
async function forbidServices(): Promise<void> {
  try {
    await writeFile(POLICY, POLICY_TEXT, { flag: 'wx', mode: 0o755 });
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
  }
}

export async function allowServices(): Promise<void> {
  if ((await readText(POLICY)) === POLICY_TEXT) await rm(POLICY);
}

export async function installPackages(names: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // Another apt, or one that outlived a killed `up`, is waited for.
  const apt = ['apt-get', '-q', '-y', '-o', 'DPkg::Lock::Timeout=300'] as const;
  await forbidServices();
  try {
    await run(['dpkg', '--configure', '-a'], { env });
    await run([...apt, 'update'], { env });
    await run([...apt, 'install', '--no-install-recommends', ...names], {
      env,
    });
  } finally {
    await allowServices();
  }
}

/** @throws SandboxError SANDBOX_E_MACHINE when this is no Debian as root. */
export async function checkDebian(root: boolean): Promise<void> {
  const release = (await readText('/etc/os-release')) ?? '';
  const debian = /^(ID|ID_LIKE)=.*debian/m.test(release);
  if (debian && root) return;
  throw new SandboxError(
    'SANDBOX_E_MACHINE',
    debian
      ? 'The sandbox starts its own Docker, registry and Kubernetes only as root.'
      : 'The sandbox starts its own Docker, registry and Kubernetes only on Debian.',
    [
      'Either run it as root on Debian 12, or name what you have:',
      '  a Docker      DOCKER_HOST=unix:///var/run/docker.sock (install Docker Engine or Docker Desktop)',
      '  a registry    --registry localhost:5000 (docker run -d -p 5000:5000 registry:2)',
      '  a cluster     --context kind-kind [--kubeconfig FILE] (install kind, k3d or minikube), or --no-cluster',
    ].join('\n'),
  );
}
