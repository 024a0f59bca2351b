import { useDockerApi } from '../../testing/docker-api';
import { useHttpServer } from '../../testing/http-server';
import { useTempFolder } from '../../testing/temp-folder';
import { runSlipway } from '../run';
import { recordingTerminal } from '../testing/recording-terminal';
import type { Result } from './finding';

const folder = useTempFolder();
const api = useDockerApi(folder);
const server = useHttpServer();

const NAMES = [
  'workspace',
  'node',
  'nx',
  'docker',
  'docker command',
  'docker disk',
  'registry',
  'registry in docker',
  'credentials',
  'cluster',
  'watch limits',
  'disk',
  'manifests',
  'git',
];

async function run(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const terminal = recordingTerminal({
    cwd: folder.path,
    env: { DOCKER_HOST: api.address, ...env },
  });
  const exitCode = await runSlipway(['doctor', ...argv], terminal);
  return { exitCode, printed: terminal.printed() };
}

async function doctor(
  argv: readonly string[] = [],
  env?: Readonly<Record<string, string>>,
) {
  const { exitCode, printed } = await run([...argv, '--json'], env);
  const results = JSON.parse(printed) as Result[];
  const of = (name: string) => results.find((each) => each.name === name);
  return { exitCode, results, of, printed };
}

describe('slipway doctor', () => {
  it('tells all checks in their order', async () => {
    const { results } = await doctor();
    expect(results.map(({ name }) => name)).toEqual(NAMES);
  });

  it('says what to do about all that is wrong, and of nothing else', async () => {
    const { results } = await doctor(['--registry', 'localhost:1']);
    for (const { status, fix } of results) {
      const isWrong = status === 'warn' || status === 'fail';
      expect(fix !== undefined).toBe(isWrong);
    }
  });

  it('prints the same for people, a line each', async () => {
    const { printed } = await run([]);
    const lines = printed.trimEnd().split('\n');
    const told = lines.filter((line) => /^(?:ok|warn|fail|skip) /.test(line));
    expect(told).toHaveLength(NAMES.length);
    expect(lines.at(-1)).toMatch(/^\d+ failed, \d+ to look at$/);
  });

  it('describes Docker', async () => {
    const { of } = await doctor();
    expect(of('docker')?.detail).toMatch(/28\.0\.1 .*containerd store/);
    expect(of('docker')?.detail).toContain(api.address);
  });

  it('fails once where Docker is not there', async () => {
    const env = { DOCKER_HOST: `unix://${folder.at('none.sock')}` };
    const { exitCode, of } = await doctor(['--registry', 'a.test:5000'], env);
    expect(exitCode).toBe(1);
    expect(of('docker')).toMatchObject({ status: 'fail' });
    expect(of('docker disk')).toMatchObject({ status: 'skip' });
    expect(of('registry in docker')).toMatchObject({ status: 'skip' });
  });

  it('tells all the rest where DOCKER_HOST makes no sense', async () => {
    const { exitCode, of } = await doctor([], { DOCKER_HOST: 'nonsense://' });
    expect(exitCode).toBe(1);
    expect(of('docker')?.detail).toMatch(/nonsense/);
    expect(of('node')).toMatchObject({ status: 'ok' });
  });

  it('says which daemon the docker command talks to', async () => {
    await folder.script(
      'usr/docker',
      '#!/bin/sh\necho "$DOCKER_HOST${OTHER_DAEMON:-}"\n',
    );
    const PATH = `${folder.at('usr')}:/usr/bin:/bin`;
    const same = await doctor([], { PATH });
    expect(same.of('docker command')).toMatchObject({ status: 'ok' });
    const other = await doctor([], { PATH, OTHER_DAEMON: '.other' });
    expect(other.of('docker command')).toMatchObject({
      status: 'warn',
      detail: expect.stringContaining('docker.sock.other') as string,
    });
  });

  describe('with a registry', () => {
    beforeEach(() => {
      const blobs = new Map<string, Buffer>();
      server.answer = (request, response) => {
        const { pathname, searchParams } = new URL(`http://x${request.url}`);
        const parts: Buffer[] = [];
        request.on('data', (part: Buffer) => parts.push(part));
        request.on('end', () => {
          if (request.method === 'POST') {
            const location = `${pathname}1`;
            response.writeHead(202, { location }).end();
          } else if (request.method === 'PUT') {
            const digest = searchParams.get('digest') ?? '';
            blobs.set(digest, Buffer.concat(parts));
            response.writeHead(201).end();
          } else {
            const blob = blobs.get(pathname.split('/').at(-1) ?? '');
            response.writeHead(blob ? 200 : 404).end(blob);
          }
        });
      };
    });

    it('pushes a blob and pulls it, in a repository of its own', async () => {
      const { of } = await doctor(['--registry', server.host]);
      expect(of('registry')).toMatchObject({ status: 'ok' });
      expect(of('registry in docker')).toMatchObject({ status: 'ok' });
      const elsewhere = server.requests.filter(
        (line) => !line.includes(' /v2/nx-slipway-doctor/blobs/'),
      );
      expect(elsewhere).toEqual([]);
    });

    it('shows where credentials come from, and nothing of them', async () => {
      const auth = Buffer.from('joe:hunter2-hunter2').toString('base64');
      const auths = { [server.host]: { auth } };
      await folder.write({ 'config.json': JSON.stringify({ auths }) });
      const env = { DOCKER_CONFIG: folder.path };
      const { of, printed } = await doctor(['--registry', server.host], env);
      expect(of('credentials')?.detail).toContain(folder.at('config.json'));
      expect(printed).not.toMatch(/hunter2/);
      expect(printed).not.toContain(auth);
    });

    it('fails where a credential helper does', async () => {
      await folder.write({ 'config.json': '{ "credsStore": "missing" }' });
      const env = { DOCKER_CONFIG: folder.path, PATH: folder.at('empty') };
      const { exitCode, of } = await doctor(['--registry', server.host], env);
      expect(exitCode).toBe(1);
      expect(of('credentials')?.detail).toMatch(/missing/);
    });
  });

  it('reads nx.json, and tells the rest where it is wrong', async () => {
    const plugins = [{ plugin: 'nx-slipway', options: { pin: 'all' } }];
    await folder.write({ 'nx.json': JSON.stringify({ plugins }) });
    const { exitCode, of } = await doctor();
    expect(exitCode).toBe(1);
    expect(of('workspace')?.detail).toMatch(/pin in nx\.json is "all"/);
    expect(of('docker')).toMatchObject({ status: 'ok' });
  });

  it('fails with a context that is not in the kubeconfig', async () => {
    await folder.write({ kubeconfig: 'apiVersion: v1\nkind: Config\n' });
    const env = { KUBECONFIG: folder.at('kubeconfig') };
    const { exitCode, of } = await doctor(['--context', 'dev'], env);
    expect(exitCode).toBe(1);
    expect(of('cluster dev')?.detail).toMatch(/no context "dev"/);
  });
});
