import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { run } from './run';

type Json = Record<string, unknown>;

/** What a version that is to be published differs in from the packed plugin. */
export interface Release {
  readonly version: string;
  /** [path in the package, text] */
  readonly files?: readonly (readonly [string, string])[];
}

/**
 * A registry of npm's, on loopback, of the plugin alone: its packument and its
 * tarballs, which is all that `npm view`, `npm pack` and `npm install` ask for.
 */
export class PackageRegistry {
  private readonly versions: Record<string, Json> = {};

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
  ) {}

  static async start(): Promise<PackageRegistry> {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-npm-'));
    const server = createServer();
    const registry = new PackageRegistry(server, folder);
    server.on('request', ({ url = '' }, response) => {
      if (url.endsWith('.tgz')) {
        createReadStream(join(folder, basename(url))).pipe(response);
        return;
      }
      const isKnown = url.split('?')[0] === '/nx-slipway';
      response.writeHead(isKnown ? 200 : 404);
      response.end(JSON.stringify(isKnown ? registry.packument() : {}));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return registry;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Publishes the packed plugin under a version, as the latest. */
  async publish({ version, files = [] }: Release): Promise<void> {
    const folder = join(this.folder, version);
    await mkdir(folder);
    const tarball = process.env.SLIPWAY_E2E_TARBALL ?? '';
    await run('tar', ['-xzf', tarball, '-C', folder]);
    const root = join(folder, 'package');
    for (const [path, text] of files) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    const manifest = JSON.parse(
      await readFile(join(root, 'package.json'), 'utf8'),
    ) as Json;
    manifest.version = version;
    await writeFile(join(root, 'package.json'), JSON.stringify(manifest));
    const name = `nx-slipway-${version}.tgz`;
    await run('npm', ['pack', '--pack-destination', this.folder], {
      cwd: root,
    });
    const hash = createHash('sha512');
    hash.update(await readFile(join(this.folder, name)));
    const dist = {
      tarball: `${this.url}/nx-slipway/-/${name}`,
      integrity: `sha512-${hash.digest('base64')}`,
    };
    this.versions[version] = { ...manifest, dist };
  }

  /** Puts a version where `npm install` would, over the one that is there. */
  async install(version: string, workspace: string): Promise<void> {
    const target = join(workspace, 'node_modules/nx-slipway');
    await rm(target, { recursive: true });
    await cp(join(this.folder, version, 'package'), target, {
      recursive: true,
    });
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await rm(this.folder, { recursive: true, force: true });
  }

  private packument(): Json {
    const latest = Object.keys(this.versions).at(-1);
    return {
      name: 'nx-slipway',
      'dist-tags': { latest },
      versions: this.versions,
    };
  }
}
