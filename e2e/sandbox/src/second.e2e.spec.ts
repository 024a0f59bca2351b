import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { dockerOf, pidOf, useSandbox } from './commands.fixture';
import { downWith } from './down';
import { layoutHere } from './here';
import {
  down,
  ensureSandbox,
  readSandbox,
  readStatus,
  type Sandbox,
} from './index';
import { dockerNetworks, NO_TRACE, tracesOf } from './machine.fixture';

const BOOTSTRAP = join(__dirname, '../bootstrap.js');
const MAIN = 'e2e/sandbox/src/main.ts';
const SECOND = 'spec-second';

describe('a second sandbox beside the first', () => {
  const use = useSandbox();
  let second: Sandbox;
  const layout = layoutHere(SECOND);

  beforeAll(async () => {
    second = await ensureSandbox({ name: SECOND });
  });
  afterAll(async () => {
    await downWith({ name: SECOND, purge: true });
  });

  it('has a Docker and a registry of its own, and no cluster', async () => {
    expect(second.cluster).toBeUndefined();
    expect(second.dockerHost).not.toBe(use.sandbox.dockerHost);
    expect(second.registry.host).not.toBe(use.sandbox.registry.host);
    await dockerOf(second)(['tag', 'busybox', 'only-here']);
    const look = ['images', '-q', 'only-here'];
    expect(await dockerOf(second)(look)).not.toBe('');
    expect(await dockerOf(use.sandbox)(look)).toBe('');
  });

  it('says that there can be one cluster only', async () => {
    const both = ensureSandbox({ name: SECOND, cluster: true });
    await expect(both).rejects.toMatchObject({
      code: 'SANDBOX_E_SECOND_CLUSTER',
      message: expect.stringContaining('"default"') as string,
    });
  });

  it('heals after everything of it was killed, and its run folder lost', async () => {
    const { daemons } = await readStatus(SECOND);
    for (const { pid } of daemons) process.kill(pid ?? NaN, 'SIGKILL');
    await rm(join(layout.data, 'allocation.json'));
    second = await ensureSandbox({ name: SECOND });
    expect((await readStatus(SECOND)).state).toBe('up');
  });

  it('leaves nothing behind, whatever was running in it', async () => {
    const docker = dockerOf(second);
    const networks = await dockerNetworks();
    await docker(['network', 'create', 'spec']);
    expect(await dockerNetworks()).not.toEqual(networks);
    const deaf = 'trap "" TERM; while :; do sleep 1; done';
    const restarted = ['--restart', 'always', '--network', 'spec'];
    await docker([
      ...['run', '--detach', ...restarted, '-p', '127.0.0.1::80'],
      ...['busybox', 'sh', '-c', deaf],
    ]);
    process.kill(await pidOf('dockerd', SECOND), 'SIGKILL');
    await down(SECOND);
    expect(await dockerNetworks()).toEqual(networks);
    expect(await tracesOf(layout)).toEqual(NO_TRACE);
    expect(await readSandbox(SECOND)).toBeUndefined();
    second = await ensureSandbox({ name: SECOND });
    expect((await dockerOf(second)(['images', '-q', 'only-here'])) !== '').toBe(
      true,
    );
    await downWith({ name: SECOND, purge: true });
    expect(await tracesOf(layout)).toEqual(NO_TRACE);
  });

  it.each([150, 600, 1200])(
    'heals after `up` was killed %d ms from its start',
    async (ms) => {
      const args = [BOOTSTRAP, MAIN, 'up', '--name', SECOND];
      const up = spawn(process.execPath, args, { stdio: 'ignore' });
      const ended = once(up, 'exit');
      await new Promise((done) => setTimeout(done, ms));
      up.kill('SIGKILL');
      await ended;
      await ensureSandbox({ name: SECOND });
      expect((await readStatus(SECOND)).state).toBe('up');
      await down(SECOND);
      expect(await tracesOf(layout)).toEqual(NO_TRACE);
    },
  );
});
