import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultyRegistry } from './faulty-registry';
import { run } from './run';
import { TestRegistry } from './test-registry';

const { username, password } = TestRegistry.login;
const basic = (secret: string) => ({
  auth: Buffer.from(`${username}:${secret}`).toString('base64'),
});
/** As docker-credential-helpers speak; what they are asked for is on stdin. */
const HELPER = `#!/bin/sh
cat > /dev/null
echo '{"Username":"${username}","Secret":"${password}"}'
`;

/** Registries of every kind, and the disks that fill up. */
export interface Stage {
  /** Open, with a fault for each repository that has one. */
  readonly faulty: FaultyRegistry;
  /** One registry with a password by four names, since logins go by name. */
  readonly logins: Readonly<
    Record<'file' | 'helper' | 'wrong' | 'nobody', FaultyRegistry>
  >;
  readonly tokens: TestRegistry;
  /** Wants a password, over TLS of a CA that nobody knows. */
  readonly tls: TestRegistry;
  /** A folder with ca.crt, as skopeo and Docker have them. */
  readonly certificates: string;
  /** Has no room for a manifest of the repository `registry-full`. */
  readonly full: TestRegistry;
  /** What tools find their logins by. */
  readonly env: Readonly<Record<string, string>>;
  /** Corrects what was wrong but for the faults of repositories. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

/** Docker tries an upload five times over 50 s; a manifest it tries once. */
const MANIFESTS = 'docker/registry/v2/repositories/registry-full/_manifests';

/** @param fullDisk where there shall be no room. Absolute */
export async function openStage(fullDisk: string): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-stage-'));
  const storage = join(folder, 'storage');
  const certificates = join(folder, 'certificates');
  const [open, secured, tokens, tls] = await Promise.all([
    TestRegistry.start(),
    TestRegistry.start({ auth: 'basic' }),
    TestRegistry.start({ auth: 'token' }),
    TestRegistry.start({ auth: 'basic', tls: true }),
    mkdir(certificates),
  ]);
  const disks = [fullDisk, join(storage, MANIFESTS)];
  for (const disk of disks) await mountFull(disk);
  const full = await TestRegistry.start({ storage });
  await copyFile(tls.caFile, join(certificates, 'ca.crt'));
  const [faulty, file, helper, wrong, nobody] = await Promise.all([
    FaultyRegistry.start(open.host),
    FaultyRegistry.start(secured.host),
    FaultyRegistry.start(secured.host),
    FaultyRegistry.start(secured.host),
    FaultyRegistry.start(secured.host),
  ]);
  const logIn = (secret: string, more: FaultyRegistry[] = []) => {
    const right = [file, tokens, tls, ...more].map(({ host }) => host);
    return writeFile(
      join(folder, 'config.json'),
      JSON.stringify({
        auths: Object.fromEntries([
          [wrong.host, basic(secret)],
          ...right.map((host) => [host, basic(password)] as const),
        ]),
        credHelpers: { [helper.host]: 'slipway-test' },
      }),
    );
  };
  await logIn('not-the-password-0815');
  const program = join(folder, 'docker-credential-slipway-test');
  await writeFile(program, HELPER);
  await chmod(program, 0o755);

  return {
    faulty,
    logins: { file, helper, wrong, nobody },
    tokens,
    tls,
    certificates,
    full,
    env: { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env.PATH ?? ''}` },
    async heal() {
      await logIn(password, [nobody]);
      for (const disk of disks) {
        await run('mount', ['-o', 'remount,size=1m', disk]);
      }
    },
    async close() {
      const servers = [open, secured, tokens, tls, full, faulty];
      const all = [...servers, file, helper, wrong, nobody];
      await Promise.all(all.map((server) => server.stop()));
      for (const disk of disks) await run('umount', [disk]);
      await rm(folder, { recursive: true });
    },
  };
}

/** A disk of one page, which is taken. */
async function mountFull(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', 'size=4k', 'full', folder]);
  await writeFile(join(folder, 'filler'), Buffer.alloc(4096));
}
