import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endChild } from '@nx-slipway/sandbox';
import {
  makeCertificate,
  type Certificate,
} from '../../../../packages/nx-slipway/src/registry/testing/certificate';
import { run } from './run';
import {
  ISSUER,
  SERVICE,
  startTokenServer,
  type Login,
  type TokenServer,
} from './token-server';

const ANY_MANIFEST = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
].join(', ');

export interface TestRegistryOptions {
  /** Lets in `TestRegistry.login` alone. */
  readonly auth?: 'basic' | 'token';
  /** With a certificate that nobody knows. */
  readonly tls?: boolean;
  /** A free one unless given. */
  readonly port?: number;
  /** Where it keeps what is pushed; a folder of its own unless given. */
  readonly storage?: string;
}

/** A docker-registry of a test's own, on 127.0.0.1. */
export class TestRegistry {
  static readonly login: Login = {
    username: 'tester',
    password: 'open-sesame-4711',
  };

  private constructor(
    /** `localhost:PORT` */
    readonly host: string,
    readonly folder: string,
    /** PEM, of its certificate; '' without TLS. */
    readonly caFile: string,
    /** Where its tokens are from. */
    readonly tokens: TokenServer | undefined,
    private readonly process: ChildProcess,
  ) {}

  static async start(options: TestRegistryOptions = {}): Promise<TestRegistry> {
    const { auth, tls = false } = options;
    const folder = await mkdtemp(join(tmpdir(), 'slipway-registry-'));
    const certificate = makeCertificate(folder);
    const tokens =
      auth === 'token'
        ? await startTokenServer(certificate, TestRegistry.login)
        : undefined;
    const config = await configOf(options, folder, certificate, tokens);
    const file = join(folder, 'config.json');
    // Its configuration is YAML, and JSON is YAML.
    await writeFile(file, JSON.stringify(config));
    // With our environment, by which the driver ends what a killed run left.
    const child = spawn('docker-registry', ['serve', file], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return new TestRegistry(
      `localhost:${await portOf(child)}`,
      folder,
      tls ? certificate.caFile : '',
      tokens,
      child,
    );
  }

  /** @param login where it wants one */
  async tagsOf(path: string, login?: Login): Promise<string[]> {
    const basic = login && btoa(`${login.username}:${login.password}`);
    const answer = await fetch(`http://${this.host}/v2/${path}/tags/list`, {
      headers: basic ? { authorization: `Basic ${basic}` } : {},
    });
    const { tags } = (await answer.json()) as { tags: string[] };
    return tags;
  }

  /** The digest of what stands there. @param reference a tag or a digest */
  async digestOf(path: string, reference: string): Promise<string | undefined> {
    const response = await fetch(this.manifest(path, reference), {
      method: 'HEAD',
      headers: { accept: ANY_MANIFEST },
    });
    return response.headers.get('docker-content-digest') ?? undefined;
  }

  /** Loses a manifest, with all its tags. @throws if it has none there */
  async forget(path: string, tag: string): Promise<void> {
    const digest = (await this.digestOf(path, tag)) ?? '';
    const url = this.manifest(path, digest);
    const { status } = await fetch(url, { method: 'DELETE' });
    if (status !== 202) throw new Error(`DELETE ${url}: ${status}`);
  }

  private manifest(path: string, reference: string): string {
    return `http://${this.host}/v2/${path}/manifests/${reference}`;
  }

  async stop(): Promise<void> {
    await endChild(this.process);
    await this.tokens?.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** https://distribution.github.io/distribution/about/configuration/ */
async function configOf(
  { auth, tls, port = 0, storage }: TestRegistryOptions,
  folder: string,
  { caFile }: Certificate,
  tokens: TokenServer | undefined,
) {
  const rootdirectory = storage ?? join(folder, 'storage');
  await mkdir(rootdirectory, { recursive: true });
  const htpasswd = { realm: 'test', path: join(folder, 'htpasswd') };
  if (auth === 'basic') {
    await writeFile(htpasswd.path, await htpasswdOf(TestRegistry.login));
  }
  const key = join(folder, 'key.pem');
  return {
    version: 0.1,
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory }, delete: { enabled: true } },
    http: {
      addr: `127.0.0.1:${port}`,
      ...(tls && { tls: { certificate: caFile, key } }),
    },
    ...(auth === 'basic' && { auth: { htpasswd } }),
    ...(tokens && {
      auth: {
        token: {
          realm: tokens.realm,
          service: SERVICE,
          issuer: ISSUER,
          rootcertbundle: caFile,
        },
      },
    }),
  };
}

/** The registry takes bcrypt only, which crypt(3) of Debian makes. */
async function htpasswdOf({ username, password }: Login): Promise<string> {
  const salt = '$2y$05$abcdefghijklmnopqrstuu';
  const program = 'print crypt($ARGV[0], $ARGV[1])';
  const hash = await run('perl', ['-e', program, password, salt]);
  return `${username}:${hash}\n`;
}

/** It logs which port the system gave it, as soon as it listens there. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let log = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-10_000);
      const port = /listening on 127\.0\.0\.1:(\d+)/.exec(log)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('error', reject);
    child.once('exit', () =>
      reject(new Error(`docker-registry did not start:\n${log}`)),
    );
  });
}
