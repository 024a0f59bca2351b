import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { ensureSandbox } from '@nx-slipway/sandbox';
import {
  openExec,
  type Cluster,
  type ExecPlace,
} from '../../../packages/nx-slipway/src/cluster';
import {
  errorOf,
  slipwayError,
} from '../../../packages/nx-slipway/src/testing/slipway-error';
import { TestNamespace } from './support/cluster';
import { until } from './support/deploy-stage';
import { openSandboxCluster } from './support/open-cluster';

const MB = 1024 * 1024;

describe('a command in a container of the cluster', () => {
  let namespace: TestNamespace;
  let cluster: Cluster;
  const end = new AbortController();

  beforeAll(async () => {
    const sandbox = await ensureSandbox();
    const name = `e2e-exec-${randomBytes(3).toString('hex')}`;
    namespace = await TestNamespace.create(sandbox, name);
    await namespace.kubectl('wait', '--for=create', 'serviceaccount/default');
    const image = `${sandbox.registry.hostFromCluster}/busybox:1.35`;
    await namespace.runPods(
      new Map([
        ['web', image],
        ['gone', image],
      ]),
    );
    cluster = await openSandboxCluster(sandbox);
  });
  afterAll(async () => {
    end.abort();
    await namespace.remove();
  });

  const exec = (
    command: readonly string[],
    place: Partial<ExecPlace> = {},
    from: Pick<Cluster, 'connection'> = cluster,
  ) =>
    openExec(from, {
      ...{ namespace: namespace.name, pod: 'web', container: 'main', command },
      ...{ stdin: true, signal: end.signal, ...place },
    });
  const sh = (script: string, place?: Partial<ExecPlace>) =>
    exec(['sh', '-c', script], place);
  const run = async (script: string) => {
    const { stdout, stderr, ended } = await sh(script, { stdin: false });
    const said = await Promise.all([text(stdout), text(stderr)]);
    return [...said, (await ended).exitCode];
  };

  it('says what it says, and how it ended', async () => {
    expect(await run('echo a; echo b >&2; exit 3')).toEqual(['a\n', 'b\n', 3]);
    expect(await run('cat')).toEqual(['', '', 0]);
    expect(await run('kill -9 $$')).toEqual(['', '', 137]);
    const words = ['printf', '%s|', 'a b', '-c=&?+', 'é\n', ''];
    const { stdout } = await exec(words, { stdin: false });
    expect(await text(stdout)).toBe('a b|-c=&?+|é\n||');
  });

  it('answers what it is sent, and is told that nothing more comes', async () => {
    const { stdin, stdout, ended } = await sh('cat; echo bye; exit 5');
    for (const line of ['one\n', 'two\n']) {
      stdin.write(line);
      expect(String(await once(stdout, 'data'))).toBe(line);
    }
    stdin.end();
    expect(await text(stdout)).toBe('bye\n');
    expect(await ended).toEqual({ exitCode: 5 });
  });

  it('takes 20 MB, and gives them', async () => {
    const sent = randomBytes(20 * MB);
    const sum = createHash('sha256').update(sent).digest('hex');
    const { stdin, stdout } = await sh('cat > /tmp/sent; sha256sum /tmp/sent');
    stdin.end(sent);
    expect(await text(stdout)).toBe(`${sum}  /tmp/sent\n`);
    const back = await exec(['cat', '/tmp/sent'], { stdin: false });
    const hash = createHash('sha256');
    for await (const part of back.stdout) hash.update(part as Buffer);
    expect(hash.digest('hex')).toBe(sum);
  });

  it('may end while it is written to', async () => {
    const { stdin, stdout, ended } = await sh('head -c 5; exit 7');
    // Of more, kubectl too never hears the end: the kubelet holds it back.
    stdin.write(randomBytes(100_000));
    stdout.resume();
    // It may take its own failure to write on for the end of the command: once
    // in a hundred times it says 0.
    const { exitCode } = await ended;
    expect([7, 0]).toContain(exitCode);
    expect(stdin.destroyed).toBe(true);
  });

  // Here containerd says it as an InternalError; an exit code of 126 to 128 with
  // a Status of its own is what a shell says, and Docker's runtime.
  it.each([
    ['nope', /exec: "nope": executable file not found in \$PATH\.$/],
    ['/no/such', /exec: "\/no\/such": stat \/no\/such: no such file/],
    ['/etc/passwd', /exec: "\/etc\/passwd": permission denied\.$/],
  ])('that cannot be run is an error: %s', async (command, why) => {
    const { stdout, ended } = await exec([command]);
    expect(await errorOf(ended)).toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_FAILED', why),
    );
    expect(await text(stdout)).toBe('');
    expect(await run(`${command} 2>/dev/null`)).toEqual([
      ...['', ''],
      command === '/etc/passwd' ? 126 : 127,
    ]);
  });

  it.each([
    [{ container: 'nope' }, /container nope is not valid for pod web\.$/],
    [{ pod: 'nope' }, /pods "nope" not found\.$/],
  ])('is none where nothing is: %j', async (place, why) => {
    expect(await errorOf(sh('true', place))).toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_FAILED', why),
    );
  });

  it('ends with its pod', async () => {
    const { stdout, ended } = await sh('echo up; sleep 3600', { pod: 'gone' });
    await once(stdout, 'data');
    await namespace.kubectl('delete', 'pod', 'gone', '--wait=false');
    expect(await ended).toEqual({ exitCode: 137 });
  });

  it('goes on when it is left, without stdin', async () => {
    const left = await sh('echo up; cat; echo > /tmp/left');
    await once(left.stdout, 'data');
    left.stdin.write('more');
    await once(left.stdout, 'data');
    left.close();
    await until('its end', async () => (await run('ls /tmp/left'))[2] === 0);
  });

  it('is not asked for in a context that is not allowed', async () => {
    const { target } = cluster.connection;
    const connection = {
      ...cluster.connection,
      target: { ...target, namedInOption: false, context: 'prod-eu' },
    };
    const asking = exec(['touch', '/tmp/touched'], {}, { connection });
    expect((await errorOf(asking)).code).toBe('SLIPWAY_E_CONTEXT_NOT_ALLOWED');
    expect((await run('ls /tmp/touched'))[2]).toBe(1);
  });
});
