import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { acquireLock } from '../../bootstrap';
import type { Layout } from '../layout';
import { removeTree } from '../system/files';
import { run } from '../system/run';
import { type ArchivedImage, writeImageArchive } from './archive';
import { JAVA_PATH, layBusybox, layJava } from './rootfs';

export interface BaseImage {
  readonly name: string;
  readonly images: readonly ArchivedImage[];
  lay(rootfs: string): Promise<void>;
  /** What it is made of, so that another makes another image. */
  madeOf(): Promise<string>;
}

/** What containerd keeps a pod's namespaces open with; never seen by users. */
export const PAUSE_IMAGE = 'docker.io/nx-slipway/pause:1';

const PATH_ENV =
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const busyboxVersion = () => run(['/bin/busybox', '--help']);

export const BUSYBOX: BaseImage = {
  name: 'busybox',
  images: [
    {
      tags: ['busybox:1.35', 'busybox:latest'],
      config: { Cmd: ['sh'], Env: [PATH_ENV] },
    },
  ],
  lay: layBusybox,
  madeOf: busyboxVersion,
};

export const PAUSE: BaseImage = {
  name: 'pause',
  images: [
    {
      tags: [PAUSE_IMAGE],
      config: { Entrypoint: ['/bin/sleep', '2147483647'], Env: [PATH_ENV] },
    },
  ],
  lay: layBusybox,
  madeOf: busyboxVersion,
};

export const JAVA: BaseImage = {
  name: 'java',
  images: [
    {
      tags: ['eclipse-temurin:17-jre'],
      config: {
        Cmd: ['sh'],
        Env: [
          `PATH=${JAVA_PATH}`,
          'JAVA_HOME=/opt/java/openjdk',
          'LANG=C.UTF-8',
        ],
      },
    },
  ],
  async lay(rootfs) {
    await layBusybox(rootfs);
    await layJava(rootfs);
  },
  madeOf: () => run(['java', '--version']),
};

/** Names the way an image is made; raise it when the code above changes. */
const RECIPE = '1';

/** The archive of the image, made when it is not in the cache. */
export async function imageArchive(
  layout: Layout,
  image: BaseImage,
): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([RECIPE, image.images, await image.madeOf()]))
    .digest('hex')
    .slice(0, 8);
  const file = join(layout.tools, 'images', `${image.name}-${key}.tar`);
  if (existsSync(file)) return file;
  const release = await acquireLock(`image ${file}`);
  try {
    if (existsSync(file)) return file;
    const rootfs = `${file}.rootfs`;
    await removeTree(rootfs);
    await mkdir(rootfs, { recursive: true });
    await image.lay(rootfs);
    await writeImageArchive(file, rootfs, image.images);
    await removeTree(rootfs);
  } finally {
    await release();
  }
  return file;
}
