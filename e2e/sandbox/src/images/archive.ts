import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { removeTree } from '../system/files';
import { run } from '../system/run';

export interface ArchivedImage {
  readonly tags: readonly string[];
  readonly config: {
    readonly Cmd?: readonly string[];
    readonly Entrypoint?: readonly string[];
    readonly Env?: readonly string[];
  };
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

// The same files give the same bytes, whenever and by whomever it is run.
const TAR = [
  'tar',
  '--sort=name',
  '--mtime=@0',
  '--owner=0',
  '--group=0',
  '--numeric-owner',
] as const;

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
};

/**
 * Writes what `docker load` and `ctr images import` read: images of one layer,
 * the files under `rootfs`. Unlike `docker import` the image has no date, so
 * its id is the same wherever it is made.
 */
export async function writeImageArchive(
  file: string,
  rootfs: string,
  images: readonly ArchivedImage[],
): Promise<void> {
  const work = `${rootfs}.archive`;
  await removeTree(work);
  await mkdir(work, { recursive: true });
  const layer = join(work, 'layer.tar');
  await run([...TAR, '-cf', layer, '-C', rootfs, '.']);
  const diffId = `sha256:${await sha256Of(layer)}`;
  const manifest = images.map(({ tags }, i) => ({
    Config: `config-${i}.json`,
    RepoTags: tags,
    Layers: ['layer.tar'],
  }));
  await Promise.all(
    images.map(({ config }, i) =>
      writeFile(
        join(work, `config-${i}.json`),
        JSON.stringify({
          architecture: ARCHITECTURES[process.arch] ?? process.arch,
          os: 'linux',
          created: '1970-01-01T00:00:00Z',
          config,
          rootfs: { type: 'layers', diff_ids: [diffId] },
          history: [{ created: '1970-01-01T00:00:00Z' }],
        }),
      ),
    ),
  );
  await writeFile(join(work, 'manifest.json'), JSON.stringify(manifest));
  const names = ['manifest.json', ...manifest.map((image) => image.Config)];
  await mkdir(dirname(file), { recursive: true });
  await run([...TAR, '-cf', `${file}.part`, '-C', work, ...names, 'layer.tar']);
  await rename(`${file}.part`, file);
  await removeTree(work);
}
