import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { useDockerApi } from '../testing/docker-api';
import { contextTlsFile, createContext } from '../testing/docker-context';
import { errorOf } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { createClient } from './client';
import { connectDocker } from './dockerode-engine';
import { dockerEndpoint } from './endpoint';
import type { DockerEngine } from './engine';

const folder = useTempFolder();
const api = useDockerApi(folder);
const opened: { close(): unknown }[] = [];

afterEach(() => {
  for (const open of opened.splice(0)) open.close();
});

function connect(env: Readonly<Record<string, string>>): DockerEngine {
  const docker = connectDocker({
    DOCKER_CONFIG: folder.at('config'),
    ...env,
  });
  opened.push(docker);
  return docker;
}

it('is asked without its connections being written out each time', async () => {
  const { client, agent } = createClient(
    dockerEndpoint({ DOCKER_HOST: api.address }),
    {},
  );
  opened.push({ close: () => agent.destroy() });
  await client.ping();
  // As docker-modem does with all that it hands to http.request.
  const written = inspect({ agent }, { showHidden: true, depth: null });
  expect(written.length).toBeLessThan(50);
});

describe('TLS', () => {
  const read = (name: string) => readFileSync(folder.at(name));
  let server: Server;

  /** An authority, with a certificate for this machine and one for a user. */
  beforeEach(() => {
    const openssl = (...args: string[]) =>
      execFileSync('openssl', args, { cwd: folder.path, stdio: 'pipe' });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    const make = (name: string, ...args: string[]) =>
      openssl(
        ...['req', '-x509', ...key, '-nodes', '-days', '2'],
        ...['-keyout', `${name}.key`, '-out', `${name}.crt`],
        ...['-subj', `/CN=${name}`, ...args],
      );
    make('ca');
    const byCa = ['-CA', 'ca.crt', '-CAkey', 'ca.key'];
    const leaf = ['-addext', 'basicConstraints=critical,CA:FALSE'];
    make('server', ...byCa, ...leaf, '-addext', 'subjectAltName=IP:127.0.0.1');
    make('user', ...byCa, ...leaf);
  });

  async function serve(options: ServerOptions = {}): Promise<string> {
    const own = { cert: read('server.crt'), key: read('server.key') };
    server = createServer(
      { ...own, ca: read('ca.crt'), ...options },
      api.listener,
    );
    await new Promise<void>((resolve) =>
      server.listen(0, '127.0.0.1', resolve),
    );
    opened.push(server, { close: () => server.closeAllConnections() });
    return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function certPath(files: Readonly<Record<string, string>>) {
    for (const [name, from] of Object.entries(files)) {
      await folder.write({ [`certs/${name}`]: read(from).toString() });
    }
    return folder.at('certs');
  }

  const ALL = {
    'ca.pem': 'ca.crt',
    'cert.pem': 'user.crt',
    'key.pem': 'user.key',
  };
  const MUTUAL = { requestCert: true, rejectUnauthorized: true };

  it('is spoken with the files of DOCKER_CERT_PATH', async () => {
    const docker = connect({
      DOCKER_HOST: await serve(MUTUAL),
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: await certPath(ALL),
    });
    await docker.ping();
    expect((await docker.info()).version).toBe('28.0.1');
  });

  it('is spoken with the files of a context', async () => {
    await createContext(folder, 'far', await serve(MUTUAL));
    for (const [name, from] of Object.entries(ALL)) {
      const file = contextTlsFile('far', name);
      await folder.write({ [file]: read(from).toString() });
    }
    const env = { DOCKER_CONFIG: folder.path, DOCKER_CONTEXT: 'far' };
    const docker = connect(env);
    await docker.ping();
    expect(docker.env.DOCKER_CONTEXT).toBe('far');
  });

  it('is not verified where a context says so', async () => {
    const skip = { SkipTLSVerify: true };
    await createContext(folder, 'far', await serve(), skip);
    const env = { DOCKER_CONFIG: folder.path, DOCKER_CONTEXT: 'far' };
    await connect(env).ping();
    expect(api.requests).toEqual(['GET /_ping']);
  });

  async function failure(
    files: Readonly<Record<string, string>>,
    options?: ServerOptions,
  ) {
    const docker = connect({
      DOCKER_HOST: await serve(options),
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: await certPath(files),
    });
    const { code, message } = await errorOf(docker.ping());
    expect(api.requests).toEqual([]);
    return { code, message };
  }

  it('ends with a certificate that nobody vouches for', async () => {
    const { code, message } = await failure({ 'ca.pem': 'user.crt' });
    expect(code).toBe('SLIPWAY_E_DOCKER_FAILED');
    expect(message).toMatch(
      /^the certificate of Docker at tcp:.* not one to trust/,
    );
  });

  it("ends with another machine's certificate", async () => {
    const other = { cert: read('user.crt'), key: read('user.key') };
    const { message } = await failure({ 'ca.pem': 'ca.crt' }, other);
    expect(message).toMatch(/not one to trust: .*altnames/);
  });

  it('ends with files that are none', async () => {
    await folder.write({ text: 'no certificate' });
    const files = { 'ca.pem': 'ca.crt', 'cert.pem': 'text', 'key.pem': 'text' };
    const { code, message } = await failure(files);
    expect(code).toBe('SLIPWAY_E_DOCKER_FAILED');
    expect(message).toMatch(/^TLS with Docker at tcp:.* failed/);
  });

  it('ends where the daemon does not know the user', async () => {
    const { code } = await failure({ 'ca.pem': 'ca.crt' }, MUTUAL);
    // How depends on who is first: the alert of TLS 1.3, or the closed socket.
    expect(code).toMatch(/^SLIPWAY_E_DOCKER_(?:FAILED|NOT_RUNNING)$/);
  });
});

describe('ssh', () => {
  /** In place of the ssh command: this very machine, whatever the host. */
  const FORWARD = `#!${process.execPath}
    const { appendFileSync } = require('node:fs');
    appendFileSync(process.env.LOG, JSON.stringify(process.argv.slice(2)) + '\\n');
    const socket = require('node:net').connect(process.env.SOCKET);
    process.stdin.pipe(socket).pipe(process.stdout);
  `;

  async function connectBy(script: string, host: string) {
    await folder.script('bin/ssh', script);
    return connect({
      DOCKER_HOST: host,
      PATH: folder.at('bin'),
      LOG: folder.at('log'),
      SOCKET: folder.at('docker.sock'),
    });
  }

  function calls(): unknown[] {
    const lines = readFileSync(folder.at('log'), 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as unknown);
  }

  it("is the user's own ssh, which reaches the daemon there", async () => {
    api.add({ tags: ['x:1'] });
    const docker = await connectBy(FORWARD, 'ssh://me@far:2222');
    await docker.ping();
    expect(await docker.inspect('x:1')).toBeDefined();
    expect(docker.env.DOCKER_HOST).toBe('ssh://me@far:2222');
    const [first] = calls();
    expect(first).toEqual([
      ...['-T', '-o', 'ConnectTimeout=30', '-l', 'me', '-p', '2222'],
      ...['--', 'far', 'docker', 'system', 'dial-stdio'],
    ]);
  });

  it('carries a long answer', async () => {
    for (let i = 0; i < 3000; i++)
      api.add({ tags: [`${'x'.repeat(100)}:${i}`] });
    const docker = await connectBy(FORWARD, 'ssh://far');
    expect(await docker.allTagged()).toHaveLength(3000);
  });

  it('names the socket there', async () => {
    const docker = await connectBy(FORWARD, 'ssh://far/run/my.sock');
    await docker.ping();
    const [call] = calls() as string[][];
    const command = call?.slice(call.indexOf('--') + 1).join(' ');
    expect(command).toBe(
      'far docker --host unix:///run/my.sock system dial-stdio',
    );
  });

  it('takes no host for an option', async () => {
    const docker = await connectBy(FORWARD, 'ssh://-oProxyCommand=x');
    await docker.ping();
    const [call] = calls() as string[][];
    expect(call?.slice(-5, -3)).toEqual(['--', '-oProxyCommand=x']);
  });

  it('says what ssh says', async () => {
    const script =
      '#!/bin/sh\necho "Host key verification failed." >&2\nexit 255\n';
    const docker = await connectBy(script, 'ssh://far');
    const { code, message } = await errorOf(docker.ping());
    expect(code).toBe('SLIPWAY_E_DOCKER_NOT_RUNNING');
    expect(message).toBe(
      'ssh did not reach Docker on far: Host key verification failed.',
    );
  });

  it('may not be there', async () => {
    const docker = connect({ DOCKER_HOST: 'ssh://far', PATH: folder.path });
    const { code, message } = await errorOf(docker.ping());
    expect(code).toBe('SLIPWAY_E_DOCKER_NOT_RUNNING');
    expect(message).toMatch(/could not be started .*ENOENT/);
  });
});
