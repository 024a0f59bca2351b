import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deployWeb, kubectlOf, pidOf, useSandbox } from './commands.fixture';
import { layoutHere } from './here';
import { down, ensureSandbox, readSandbox, readStatus } from './index';
import { allRules, NO_TRACE, tracesOf } from './machine.fixture';
import { waitUntil } from './system/wait';

describe('the sandbox after a fault', () => {
  const use = useSandbox();

  describe('with a pod', () => {
    beforeAll(() => deployWeb(use.sandbox, use.sandbox.registry.host));
    afterAll(async () => {
      const names = ['pod/sandbox-spec', 'service/sandbox-spec'];
      await kubectlOf(use.sandbox)('delete', '--ignore-not-found', ...names);
    });

    it.each([
      ...['dockerd', 'registry', 'containerd', 'etcd', 'apiserver'],
      ...['controller-manager', 'scheduler', 'kubelet', 'kube-proxy'],
    ])('heals when %s is killed, and the pod lives on', async (daemon) => {
      const before = await readStatus();
      process.kill(await pidOf(daemon), 'SIGKILL');
      await waitUntil(async () => (await readSandbox()) === undefined, 30_000);
      expect((await readStatus()).state).toBe('degraded');
      await ensureSandbox();
      const after = await readStatus();
      expect(after.state).toBe('up');
      const others = (status: typeof after) =>
        status.daemons.filter((one) => one.name !== daemon);
      expect(others(after)).toEqual(others(before));
      const started = 'jsonpath={.status.containerStatuses[0].restartCount}';
      const get = ['get', 'pod', 'sandbox-spec', '-o', started];
      expect(await kubectlOf(use.sandbox)(...get)).toBe('0');
    });
  });

  it('heals a daemon that hangs', async () => {
    process.kill(await pidOf('registry'), 'SIGSTOP');
    await ensureSandbox();
    expect((await readStatus()).state).toBe('up');
  });

  it('heals a state file that is torn', async () => {
    const { pid } = (await readStatus()).daemons[0] ?? {};
    await writeFile(join(layoutHere().data, 'sandbox.json'), '{"schema":1,"cl');
    expect(await readSandbox()).toBeUndefined();
    expect(await ensureSandbox()).toEqual(use.sandbox);
    expect((await readStatus()).daemons[0]?.pid).toBe(pid);
  });

  // Last: the cluster of the machine goes down and comes up again.
  it('leaves nothing behind of a whole cluster, and comes up again', async () => {
    const layout = layoutHere();
    await deployWeb(use.sandbox, use.sandbox.registry.host);
    await down();
    expect(await tracesOf(layout)).toEqual(NO_TRACE);
    expect(await allRules()).toEqual([]);
    expect((await readStatus()).state).toBe('down');
    expect(await ensureSandbox()).toEqual(use.sandbox);
    expect((await readStatus()).state).toBe('up');
  });
});
