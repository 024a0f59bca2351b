import {
  copyFile,
  mkdir,
  mkdtemp,
  rm,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Narrator } from './narrator';
import { run } from './run';

const IMAGE = 'node:20-slim';
const KO_BASE = 'busybox:1.35';

/**
 * What ko builds the worker on: ko asks registries, never Docker. The sandbox's
 * registry has it; a user's own is not filled by us, so Docker Hub is asked.
 * @param registry as this machine names it
 */
export async function koBaseImage(registry: string): Promise<string> {
  const [repository, tag] = KO_BASE.split(':');
  const url = `http://${registry}/v2/${repository}/manifests/${tag}`;
  const accept = 'application/vnd.docker.distribution.manifest.v2+json';
  const answer = await fetch(url, {
    method: 'HEAD',
    headers: { accept },
  }).catch(
    // One that speaks no plain HTTP is a user's own, too.
    () => undefined,
  );
  return answer?.ok ? `${registry}/${KO_BASE}` : KO_BASE;
}

/**
 * Puts the image that the api is built from into Docker, where it is missing
 * and cannot be pulled: this machine's own node and the libraries it loads, on
 * busybox. A Docker of the user's pulls the real one when it builds.
 */
export async function ensureNodeImage(
  docker: { isOurs: boolean; env: Readonly<Record<string, string>> },
  narrator: Narrator,
  signal: AbortSignal,
): Promise<void> {
  const { env } = docker;
  const list = ['image', 'ls', '--quiet', IMAGE];
  if (!docker.isOurs || (await run('docker', list, { env, signal }))) return;
  const title = `${IMAGE}: none can be pulled here, so it is made of this machine's node ${process.version}`;
  await narrator.step(title, async () => {
    const context = await mkdtemp(join(tmpdir(), 'nx-slipway-node-'));
    try {
      await layNode(join(context, 'rootfs'), signal);
      await writeFile(join(context, 'Dockerfile'), DOCKERFILE);
      await run('docker', ['build', '--tag', IMAGE, context], { env, signal });
    } finally {
      await rm(context, { recursive: true, force: true });
    }
  });
}

const DOCKERFILE = `FROM busybox:1.35
COPY rootfs /
ENV NODE_VERSION=${process.versions.node}
CMD ["node"]
`;

async function layNode(rootfs: string, signal: AbortSignal): Promise<void> {
  const ldd = await run('ldd', [process.execPath], { signal });
  const libraries = ldd
    .split('\n')
    .flatMap((line) => /(\/\S+) \(0x/.exec(line)?.[1] ?? []);
  await place(process.execPath, join(rootfs, 'usr/local/bin/node'));
  for (const file of libraries) await place(file, join(rootfs, file));
}

/** With no time of its own, so that the same files give the same image. */
async function place(file: string, target: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  await copyFile(file, target);
  await utimes(target, 0, 0);
}
