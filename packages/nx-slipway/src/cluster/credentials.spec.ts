import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { useHttpServer } from '../testing/http-server';
import { errorOf, slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { eventually, isAlive } from '../testing/wait';
import type { OpenCluster } from './cluster';
import { kubeconfig } from './testing/kubeconfig';
import { openIn } from './testing/open-cluster';

const folder = useTempFolder();
const server = useHttpServer();
const API = '/api';

/** The Authorization of each request. */
let seen: (string | undefined)[];
/** What the server lets in; undefined: everybody. */
let accepted: string | undefined;

beforeEach(() => {
  seen = [];
  accepted = undefined;
  server.answer = ({ headers: { authorization } }, response) => {
    seen.push(authorization);
    const isLetIn = accepted === undefined || authorization === accepted;
    response
      .writeHead(isLetIn ? 200 : 401)
      .end(JSON.stringify({ message: 'Unauthorized' }));
  };
});

const writeUser = (user: Record<string, unknown>) =>
  folder.write({
    config: kubeconfig({ server: `http://${server.host}`, user }),
  });

const open = (options?: Partial<OpenCluster>) => openIn(folder, options);

describe('the credentials of a context', () => {
  it('are its token, its name and password, or nothing', async () => {
    for (const user of [
      { token: 'token-one' },
      { username: 'me', password: 'pass-word' },
      {},
    ]) {
      await writeUser(user);
      await (await open()).get(API);
    }
    const basic = Buffer.from('me:pass-word').toString('base64');
    expect(seen).toEqual(['Bearer token-one', `Basic ${basic}`, undefined]);
  });

  it('are read from a file beside the kubeconfig, which wins', async () => {
    await writeUser({ tokenFile: 'token', token: 'older-token' });
    await folder.write({ token: 'from-file\n' });
    await (await open()).get(API);
    expect(seen).toEqual(['Bearer from-file']);
  });

  it('are an OIDC token that holds still', async () => {
    const exp = Math.floor(Date.now() / 1000) + 3600;
    const part = (value: object) =>
      Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'none' })}.${part({ exp })}.x`;
    const config = { 'id-token': token, 'client-id': 'c' };
    await writeUser({ 'auth-provider': { name: 'oidc', config } });
    await (await open()).get(API);
    expect(seen).toEqual([`Bearer ${token}`]);
  });

  it('are told of before they are used, once each', async () => {
    await writeUser({ token: 'token-one' });
    const secrets: string[] = [];
    const cluster = await open({ onSecret: (value) => secrets.push(value) });
    await cluster.get(API);
    await cluster.get(API);
    expect(secrets).toEqual(['token-one']);
  });

  it('are read again when they are refused', async () => {
    await writeUser({ token: 'token-one' });
    const cluster = await open();
    await writeUser({ token: 'token-two' });
    accepted = 'Bearer token-two';
    expect(await cluster.get(API)).toBeDefined();
    await cluster.get(API);
    expect(seen).toEqual([
      'Bearer token-one',
      'Bearer token-two',
      'Bearer token-two',
    ]);
  });

  it('are read again from their file when they are refused', async () => {
    await writeUser({ tokenFile: 'token' });
    await folder.write({ token: 'file-one' });
    const cluster = await open();
    await cluster.get(API);
    await folder.write({ token: 'file-two' });
    accepted = 'Bearer file-two';
    expect(await cluster.get(API)).toBeDefined();
    expect(seen).toEqual([
      'Bearer file-one',
      'Bearer file-one',
      'Bearer file-two',
    ]);
  });

  it('are refused when an OIDC token has expired for good', async () => {
    const config = { 'id-token': 'e30.eyJleHAiOjF9.x' };
    await writeUser({ 'auth-provider': { name: 'oidc', config } });
    accepted = 'Bearer another';
    await expect((await open()).get(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_REFUSED', /HTTP 401/),
    );
  });

  it('are read again once for requests that are refused together', async () => {
    const plugin = await countingPlugin();
    accepted = 'Bearer from-run-2';
    const cluster = await open();
    await Promise.all(Array.from({ length: 5 }, () => cluster.get(API)));
    expect(await plugin.runs()).toBe(2);
  });

  it('are refused when the new ones are refused too', async () => {
    await writeUser({ token: 'token-one' });
    accepted = 'Bearer another';
    const error = await errorOf((await open()).get(API));
    expect(error).toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_REFUSED', /Unauthorized \(HTTP 401\)/),
    );
    expect(seen).toHaveLength(2);
    await expect((await open()).getIfPermitted(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_REFUSED'),
    );
  });

  it('say which file of them is missing', async () => {
    await writeUser({ tokenFile: 'none' });
    await expect((await open()).get(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_KUBECONFIG', /kind-test.*ENOENT.*none/),
    );
  });

  it('say when their user is gone', async () => {
    await writeUser({ token: 'token-one' });
    const cluster = await open();
    accepted = 'Bearer another';
    await folder.write({ config: 'users: []' });
    await expect(cluster.get(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_KUBECONFIG', /no user "kind-test-user"/),
    );
  });
});

const credential = (status: object) =>
  JSON.stringify({
    apiVersion: 'client.authentication.k8s.io/v1',
    kind: 'ExecCredential',
    status,
  });

/** Makes a script the plugin of the user. */
async function usePlugin(script: string, exec: Record<string, unknown> = {}) {
  await folder.script('bin/plugin', `#!/bin/sh\n${script}\n`);
  await writeUser({
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: './bin/plugin',
      ...exec,
    },
  });
}

/** A plugin whose token says how often it has run. */
async function countingPlugin(status: object = {}) {
  const file = folder.at('runs');
  const output = credential({ ...status, token: 'from-run-@' });
  await usePlugin(
    `echo run >> '${file}'; sed "s/@/$(wc -l < '${file}' | tr -d ' ')/" <<'X'\n${output}\nX`,
  );
  return {
    runs: async () => (await readFile(file, 'utf8')).trim().split('\n').length,
  };
}

describe('a credential plugin', () => {
  it('is found beside the kubeconfig and runs once for many requests', async () => {
    const plugin = await countingPlugin();
    const cluster = await open();
    await Promise.all([cluster.get(API), cluster.get(API)]);
    await cluster.get(API);
    expect(seen).toEqual(Array(3).fill('Bearer from-run-1'));
    expect(await plugin.runs()).toBe(1);
  });

  it('runs again when what it gave has expired', async () => {
    const expirationTimestamp = '2020-01-01T00:00:00Z';
    await countingPlugin({ expirationTimestamp });
    const cluster = await open();
    await cluster.get(API);
    await cluster.get(API);
    expect(seen).toEqual(['Bearer from-run-1', 'Bearer from-run-2']);
  });

  it('runs again when what it gave is refused', async () => {
    await countingPlugin();
    accepted = 'Bearer from-run-2';
    await (await open()).get(API);
    expect(seen).toEqual(['Bearer from-run-1', 'Bearer from-run-2']);
  });

  it('gets the environment that the contract promises', async () => {
    await usePlugin(
      `printf '%s' "$KUBERNETES_EXEC_INFO" > '${folder.at('info')}'
       printf '%s' "$OURS $THEIRS" > '${folder.at('env')}'
       echo '${credential({ token: 'the-token' })}'`,
      {
        env: [{ name: 'THEIRS', value: 'theirs' }],
        provideClusterInfo: true,
      },
    );
    const env = {
      KUBECONFIG: folder.at('config'),
      PATH: process.env.PATH,
      OURS: 'ours',
    };
    await (await open({ env })).get(API);
    expect(JSON.parse(await readFile(folder.at('info'), 'utf8'))).toEqual({
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      spec: {
        interactive: false,
        cluster: {
          server: `http://${server.host}`,
          'insecure-skip-tls-verify': true,
        },
      },
    });
    expect(await readFile(folder.at('env'), 'utf8')).toBe('ours theirs');
  });

  it('can ask nothing', async () => {
    await usePlugin(
      `read answer && echo 'answered' >&2
       (read answer < /dev/tty) 2>/dev/null && echo 'on a terminal' >&2
       echo 'not logged in' >&2; exit 1`,
    );
    await expect((await open()).get(API)).rejects.toEqual(
      slipwayError(
        'SLIPWAY_E_CLUSTER_REFUSED',
        /"kind-test".*bin\/plugin failed: not logged in\.$/,
      ),
    );
  });

  it('is ended with all that it started when it hangs', async () => {
    await usePlugin(`sleep 1000 & echo $! > '${folder.at('pid')}'; wait`);
    const cluster = await open({ deadlines: { plugin: 500 } });
    await expect(cluster.get(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_REFUSED', /did not end in 0\.5 s/),
    );
    const pid = Number(await readFile(folder.at('pid'), 'utf8'));
    await eventually('the end of the process', () => !isAlive(pid));
    expect(seen).toEqual([]);
  });

  it('that hangs is not waited for though what left its group holds its output', async () => {
    await usePlugin(
      `setsid sleep 1000 & echo $! > '${folder.at('pid')}'; wait`,
    );
    const cluster = await open({ deadlines: { plugin: 500 } });
    await expect(cluster.get(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_REFUSED', /did not end in 0\.5 s/),
    );
    const pid = Number(await readFile(folder.at('pid'), 'utf8'));
    expect(isAlive(pid)).toBe(true);
    process.kill(pid);
  });

  it('is ended when the run is cancelled', async () => {
    await usePlugin(`touch '${folder.at('started')}'; sleep 1000`);
    const abort = new AbortController();
    const cluster = await open({ signal: abort.signal });
    const got = errorOf(cluster.get(API));
    await eventually('its start', () => existsSync(folder.at('started')));
    abort.abort();
    expect(await got).toEqual(slipwayError('SLIPWAY_E_CANCELLED'));
  });

  it('is ended when it prints without end', async () => {
    await usePlugin('exec yes');
    await expect((await open()).get(API)).rejects.toEqual(
      slipwayError('SLIPWAY_E_CLUSTER_REFUSED', /more than any credential/),
    );
  });

  it('is named when it is not there', async () => {
    await writeUser({ exec: { command: 'no-such-plugin-xyz' } });
    await expect((await open()).get(API)).rejects.toEqual(
      slipwayError(
        'SLIPWAY_E_CLUSTER_REFUSED',
        /no-such-plugin-xyz cannot be run \(ENOENT\)/,
      ),
    );
  });

  it.each(['{"status": {"token": "s3cr3t-one"', '{"token": "s3cr3t-one"}'])(
    'is not quoted when it prints %s',
    async (output) => {
      await usePlugin(`echo '${output}'`);
      const error = await errorOf((await open()).get(API));
      expect(error).toEqual(
        slipwayError('SLIPWAY_E_CLUSTER_REFUSED', /no ExecCredential/),
      );
      expect(`${error.message}${String(error.cause)}`).not.toContain('s3cr3t');
    },
  );

  it('shows no secret of its environment', async () => {
    await usePlugin('echo "bad $API_TOKEN" >&2; exit 1', {
      env: [{ name: 'API_TOKEN', value: 's3cr3t-one' }],
    });
    const error = await errorOf((await open()).get(API));
    expect(error.message).toContain('failed: bad ***');
  });
});
