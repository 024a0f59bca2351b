import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { buffer, text } from 'node:stream/consumers';
import { errorOf, slipwayError } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually } from '../../testing/wait';
import { ExecServer } from '../testing/exec-server';
import { kubeconfig } from '../testing/kubeconfig';
import { openIn } from '../testing/open-cluster';
import { openExec } from './open-exec';

const folder = useTempFolder();
const MB = 1024 * 1024;

let api: ExecServer;
let end: AbortController;

beforeEach(async () => {
  api = await ExecServer.start();
  end = new AbortController();
  await folder.write({ config: configWith('token-one') });
});
afterEach(() => api.stop());

const configWith = (token: string, context?: string) =>
  kubeconfig({ server: `http://${api.host}`, user: { token }, context });
const place = (command: readonly string[], stdin = true) => ({
  ...{ namespace: 'shop', pod: 'web-1', container: 'main', command, stdin },
  signal: end.signal,
});
const exec = async (command: readonly string[], stdin?: boolean) =>
  openExec(await openIn(folder), place(command, stdin));
const sh = (script: string, stdin?: boolean) =>
  exec(['sh', '-c', script], stdin);
const gone = () => eventually('no tunnel', () => api.tunnels.size === 0);

describe('a command in a container', () => {
  it('is asked for word by word, with the credentials of the context', async () => {
    const command = ['printf', '%s|', 'a b', '-c=&?', 'é\n', ''];
    const { stdout, ended } = await exec(command, false);
    expect(await text(stdout)).toBe('a b|-c=&?|é\n||');
    expect(await ended).toEqual({ exitCode: 0 });
    const [asked, ...more] = api.asked;
    expect(more).toEqual([]);
    expect(asked?.authorization).toBe('Bearer token-one');
    const { pathname, searchParams } = new URL(asked?.path ?? '', 'http://x');
    expect(pathname).toBe('/api/v1/namespaces/shop/pods/web-1/exec');
    expect([...searchParams]).toEqual([
      ['stdout', 'true'],
      ['stderr', 'true'],
      ['container', 'main'],
      ...command.map((word) => ['command', word]),
    ]);
  });

  it('says what it says, each way by itself, and how it ended', async () => {
    const { stdout, stderr, ended } = await sh('echo a; echo b >&2; exit 3');
    expect(await Promise.all([text(stdout), text(stderr)])).toEqual([
      'a\n',
      'b\n',
    ]);
    expect(await ended).toEqual({ exitCode: 3 });
    await gone();
  });

  it('answers while it is written to', async () => {
    const { stdin, stdout } = await exec(['cat']);
    for (const line of ['one', 'two']) {
      stdin.write(line);
      expect(String(await once(stdout, 'data'))).toBe(line);
    }
    expect(api.frames).toEqual([4, 4]);
  });

  it('is told the end of its stdin, and has its whole say after it', async () => {
    const { stdin, stdout, ended } = await sh('cat; echo bye');
    const sent = randomBytes(8 * MB);
    stdin.end(sent);
    const said = await buffer(stdout);
    expect(said.equals(Buffer.concat([sent, Buffer.from('bye\n')]))).toBe(true);
    expect(await ended).toEqual({ exitCode: 0 });
  });

  it('is sent in frames that every server takes, many small pieces in one', async () => {
    const { stdin, stdout } = await sh('cat | wc -c');
    for (let piece = 0; piece < 1000; piece++) stdin.write('0123456789');
    stdin.end(Buffer.alloc(MB));
    expect(Number(await text(stdout))).toBe(10_000 + MB);
    expect(Math.max(...api.frames)).toBe(64 * 1024 + 1);
    expect(api.frames.length).toBeLessThan(25);
  });

  it('of a server that knows no such end goes on', async () => {
    api.protocols = ['v4.channel.k8s.io'];
    const { stdin, stdout } = await sh('read line; echo "$line"; cat');
    stdin.end('last\n');
    expect(String(await once(stdout, 'data'))).toBe('last\n');
    expect(stdout.readableEnded).toBe(false);
  });

  it('takes no more than is read there', async () => {
    const { stdin, ended } = await exec(['sleep', '3600']);
    let sent = 0;
    const chunk = Buffer.alloc(MB);
    stdin.on('drain', () => fill());
    const fill = () => {
      while (sent < 64 && stdin.write(chunk)) sent++;
      sent++;
    };
    fill();
    await eventually('a tunnel that is full', () =>
      [...api.tunnels].some(({ isPaused }) => isPaused),
    );
    expect(sent).toBeLessThan(64);
    api.processes[0]?.kill();
    expect(await ended).toEqual({ exitCode: 137 });
    expect(stdin.destroyed).toBe(true);
  });

  it.each([
    ['stdout', 'stderr', ''],
    ['stderr', 'stdout', '>&2'],
  ] as const)(
    'brings no more of its %s than is read',
    async (full, other, where) => {
      const exec = await sh(`head -c ${32 * MB} /dev/zero ${where}`);
      exec[other].resume();
      const [child] = api.processes;
      await eventually('a start', () => exec[full].readableLength > 0);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(exec[full].readableLength).toBeLessThan(MB);
      expect(child?.exitCode).toBe(null);
      expect((await buffer(exec[full])).length).toBe(32 * MB);
      expect(await exec.ended).toEqual({ exitCode: 0 });
    },
  );

  it('ends though nobody wants what it says any more', async () => {
    const { stdout, stderr, ended } = await sh(`head -c ${8 * MB} /dev/zero`);
    await once(stdout, 'readable');
    stdout.destroy();
    stderr.resume();
    expect(await ended).toEqual({ exitCode: 0 });
  });

  it('may end while it is written to', async () => {
    const { stdin, ended } = await sh('exit 7');
    const writing = setInterval(() => stdin.write(Buffer.alloc(MB)), 1);
    expect(await ended).toEqual({ exitCode: 7 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    clearInterval(writing);
    expect(stdin.destroyed).toBe(true);
    await gone();
  });

  it('that is not there is an error of its end', async () => {
    const { stdout, ended } = await exec(['/no/such']);
    expect(await errorOf(ended)).toEqual(
      slipwayError(
        'SLIPWAY_E_CLUSTER_FAILED',
        /in the container main of the pod web-1: spawn \/no\/such ENOENT\.$/,
      ),
    );
    expect(await text(stdout)).toBe('');
  });

  it('is lost with the connection; what it has said is there', async () => {
    const { stdout, ended } = await sh('echo up; exec sleep 3600');
    const said = text(stdout);
    await once(stdout, 'data');
    for (const tunnel of api.tunnels) tunnel.terminate();
    expect((await errorOf(ended)).code).toBe('SLIPWAY_E_CLUSTER_UNREACHABLE');
    expect(await said).toBe('up\n');
  });

  it('is asked for again once credentials were refused', async () => {
    api.refuse = ({ authorization }) =>
      authorization === 'Bearer token-two' ? undefined : 401;
    const cluster = await openIn(folder);
    await folder.write({ config: configWith('token-two') });
    await openExec(cluster, place(['true']));
    expect(api.asked.map(({ authorization }) => authorization)).toEqual([
      'Bearer token-one',
      'Bearer token-two',
    ]);
  });

  it('is none where the server refuses it; the command is not told', async () => {
    api.refuse = () => 403;
    const error = await errorOf(exec(['secret']));
    expect(error).toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_REFUSED', /web-1\/exec: said 403/),
    );
    expect(error.message).not.toContain('secret');
  });

  it('is not asked for in a context that is not allowed', async () => {
    const cluster = await openIn(folder);
    const connection = {
      ...cluster.connection,
      target: { ...cluster.connection.target, context: 'prod-eu' },
    };
    expect(
      (await errorOf(openExec({ connection }, place(['true'])))).code,
    ).toBe('SLIPWAY_E_CONTEXT_NOT_ALLOWED');
    expect(api.asked).toEqual([]);
  });

  it('is left by the signal, and by whoever closes it', async () => {
    const [one, other] = [await exec(['cat']), await exec(['cat'])];
    other.close();
    expect((await errorOf(other.ended)).code).toBe('SLIPWAY_E_CANCELLED');
    expect(await text(other.stdout)).toBe('');
    end.abort();
    expect((await errorOf(one.ended)).code).toBe('SLIPWAY_E_CANCELLED');
    await gone();
    expect((await errorOf(exec(['cat']))).code).toBe('SLIPWAY_E_CANCELLED');
  });
});
