import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxEnv, type Sandbox } from '@nx-slipway/sandbox';
import {
  contentId,
  identityOfConfig,
  identityOfInspect,
  type DockerInspect,
  type OciImageConfig,
} from '../../../../packages/nx-slipway/src/image';
import { run } from './run';

const MANIFEST_TYPES =
  'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json';

interface Manifest {
  config: { digest: string };
}

/** The content id of one image, as each store that may hold it tells it. */
export class ImageStores {
  private constructor(
    private readonly sandbox: Sandbox,
    private readonly folder: string,
  ) {}

  static async open(sandbox: Sandbox): Promise<ImageStores> {
    return new ImageStores(
      sandbox,
      await mkdtemp(join(tmpdir(), 'slipway-stores-')),
    );
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** @param sandbox another one's Docker; the first's unless given */
  async inDocker(ref: string, sandbox = this.sandbox): Promise<string> {
    const [image] = JSON.parse(
      await this.docker(['inspect', ref], sandbox),
    ) as DockerInspect[];
    return contentId(identityOfInspect(image ?? {}));
  }

  /** Saves, and loads into another Docker, which had no such image. */
  async afterSaveAndLoad(ref: string, other: Sandbox): Promise<string> {
    const archive = join(this.folder, 'image.tar');
    await this.docker(['save', '-o', archive, ref]);
    await this.docker(['load', '-i', archive], other);
    return this.inDocker(ref, other);
  }

  /** As the archive of `docker save` holds it. */
  async inArchive(ref: string): Promise<string> {
    const archive = join(this.folder, 'saved.tar');
    await this.docker(['save', '-o', archive, ref]);
    const [entry] = JSON.parse(
      await run('tar', ['-xOf', archive, 'manifest.json']),
    ) as { Config: string }[];
    return idOfConfig(await run('tar', ['-xOf', archive, entry?.Config ?? '']));
  }

  async inRegistry(path: string, tag: string): Promise<string> {
    const base = `http://${this.sandbox.registry.host}/v2/${path}`;
    const manifest = await fetch(`${base}/manifests/${tag}`, {
      headers: { accept: MANIFEST_TYPES },
    });
    const { config } = (await manifest.json()) as Manifest;
    const blob = await fetch(`${base}/blobs/${config.digest}`);
    return idOfConfig(await blob.text());
  }

  async afterPull(ref: string, other: Sandbox): Promise<string> {
    await this.docker(['pull', '-q', ref], other);
    return this.inDocker(ref, other);
  }

  /** Pulled into the cluster's own runtime. */
  async inContainerd(ref: string): Promise<string> {
    const ctr = (...args: string[]) =>
      run('ctr', [
        '-a',
        this.sandbox.containerd ?? '',
        '-n',
        'k8s.io',
        ...args,
      ]);
    await ctr('images', 'pull', '--plain-http', ref);
    const listed = await ctr('images', 'ls', `name==${ref}`);
    const digest = /sha256:[0-9a-f]{64}/.exec(listed)?.[0] ?? '';
    const { config } = JSON.parse(
      await ctr('content', 'get', digest),
    ) as Manifest;
    return idOfConfig(await ctr('content', 'get', config.digest));
  }

  /** Pulled into Buildah's store, by the library that Buildah itself uses. */
  async inBuildah(ref: string): Promise<string> {
    const place = (name: string) => join(this.folder, name);
    const options = [
      '--storage-driver',
      'vfs',
      '--root',
      place('root'),
      '--runroot',
      place('run'),
    ];
    await run('buildah', [...options, 'pull', '--tls-verify=false', ref]);
    const store = `containers-storage:[vfs@${place('root')}+${place('run')}]${ref}`;
    return idOfConfig(
      await run('skopeo', ['inspect', '--config', '--raw', store]),
    );
  }

  /** Builds from an image and one line of Dockerfile; returns the new id. */
  async idWith(base: string, line: string): Promise<string> {
    const context = await mkdtemp(join(this.folder, 'context-'));
    await writeFile(join(context, 'Dockerfile'), `FROM ${base}\n${line}\n`);
    await writeFile(join(context, 'file'), 'content');
    const built = await this.docker(['build', '-q', context]);
    return this.inDocker(built.trim());
  }

  docker(args: readonly string[], sandbox = this.sandbox): Promise<string> {
    return run('docker', args, { env: sandboxEnv(sandbox) });
  }
}

function idOfConfig(json: string): string {
  return contentId(identityOfConfig(JSON.parse(json) as OciImageConfig));
}
