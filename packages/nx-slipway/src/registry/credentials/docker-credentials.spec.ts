import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { errorOf, slipwayError } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually, isAlive } from '../../testing/wait';
import {
  dockerCredentials,
  type DockerCredentialsOptions,
} from './docker-credentials';

const folder = useTempFolder();

const encoded = (text: string) => Buffer.from(text).toString('base64');

/** A source whose home, configuration and helpers are in the folder. */
function open(
  env: Record<string, string> = {},
  options: Partial<DockerCredentialsOptions> = {},
) {
  const secrets: string[] = [];
  const source = dockerCredentials(
    { PATH: `${folder.path}:/usr/bin:/bin`, ...env },
    {
      homedir: folder.path,
      onSecret: (value) => secrets.push(value),
      ...options,
    },
  );
  return { ...source, secrets };
}

const config = (value: unknown, path = '.docker/config.json') =>
  folder.write({ [path]: JSON.stringify(value) });

/** A real program: it keeps what it is asked, and says what it is told to. */
const helper = (name: string, body: string) =>
  folder.script(
    `docker-credential-${name}`,
    `#!/bin/sh\nread -r url || true\necho "$1 $url" >> "${folder.at('asked')}"\n${body}\n`,
  );
const saying = (value: unknown) => `cat <<'END'\n${JSON.stringify(value)}\nEND`;
const asked = () =>
  existsSync(folder.at('asked'))
    ? readFileSync(folder.at('asked'), 'utf8').trim().split('\n')
    : [];

const login = (password: string) => ({
  auths: { 'reg.io': { auth: encoded(`me:${password}`) } },
});
const passwordOf = (found: unknown) =>
  (found as { password?: string } | undefined)?.password;

describe('dockerCredentials', () => {
  it('finds none where there is no file', async () => {
    expect(await open().credentialsFor('reg.io')).toBeUndefined();
  });

  it('looks where Docker does, then where podman does', async () => {
    const env = {
      REGISTRY_AUTH_FILE: folder.at('auth.json'),
      XDG_RUNTIME_DIR: folder.at('run'),
    };
    const password = async (more: Record<string, string> = {}) =>
      passwordOf(await open({ ...env, ...more }).credentialsFor('reg.io'));
    await config(login('of-runtime-dir'), 'run/containers/auth.json');
    expect(await password()).toBe('of-runtime-dir');
    await config(login('of-auth-file'), 'auth.json');
    expect(await password()).toBe('of-auth-file');
    await config({ auths: { 'other.io': {} } });
    expect(await password()).toBe('of-auth-file');
    await config(login('of-home'));
    expect(await password()).toBe('of-home');
    await config(login('of-docker-config'), 'docker/config.json');
    expect(await password({ DOCKER_CONFIG: folder.at('docker') })).toBe(
      'of-docker-config',
    );
  });

  it('asks the helper of the host, as Docker does', async () => {
    await helper('own', saying({ Username: 'me', Secret: 'helper-password' }));
    await config({ ...login('of-file'), credHelpers: { 'reg.io': 'own' } });
    const source = open();
    expect(await source.credentialsFor('reg.io')).toEqual({
      kind: 'basic',
      username: 'me',
      password: 'helper-password',
      source: 'docker-credential-own',
    });
    expect(asked()).toEqual(['get reg.io']);
    expect(source.secrets).toEqual([
      'helper-password',
      encoded('me:helper-password'),
    ]);
  });

  it('asks the store of all for Docker Hub by its old name', async () => {
    await helper('all', saying({ Username: '<token>', Secret: 'identity-1' }));
    await config({ credsStore: 'all' });
    const source = open();
    expect(await source.credentialsFor('docker.io')).toEqual({
      kind: 'identityToken',
      token: 'identity-1',
      source: 'docker-credential-all',
    });
    expect(asked()).toEqual(['get https://index.docker.io/v1/']);
    expect(source.secrets).toEqual(['identity-1']);
  });

  it.each([
    ['says so', "echo 'credentials not found in native keychain'; exit 1"],
    ['gives an empty answer', saying({ Username: '', Secret: '' })],
  ])('looks on where a helper %s', async (_how, body) => {
    await helper('own', body);
    await config({ ...login('of-file'), credHelpers: { 'reg.io': 'own' } });
    const found = await open().credentialsFor('reg.io');
    expect(passwordOf(found)).toBe('of-file');
  });

  it('takes the file where the helper of the host has no name', async () => {
    await helper('all', saying({ Username: 'me', Secret: 'of-all' }));
    const credHelpers = { 'reg.io': '' };
    await config({ ...login('of-file'), credsStore: 'all', credHelpers });
    const found = await open().credentialsFor('reg.io');
    expect(passwordOf(found)).toBe('of-file');
    expect(asked()).toEqual([]);
  });

  it('asks once for each host, until it is to forget', async () => {
    await helper('all', saying({ Username: 'me', Secret: 'password' }));
    await config({ credsStore: 'all' });
    const source = open();
    await Promise.all([
      source.credentialsFor('a.io'),
      source.credentialsFor('a.io'),
      source.credentialsFor('b.io'),
    ]);
    await source.credentialsFor('a.io');
    expect(asked().sort()).toEqual(['get a.io', 'get b.io']);
    source.forget('a.io');
    await source.credentialsFor('a.io');
    expect(asked()).toHaveLength(3);
  });

  it('tries again after a failure', async () => {
    await config({ credsStore: 'late' });
    const source = open();
    await expect(source.credentialsFor('a.io')).rejects.toEqual(
      slipwayError('SLIPWAY_E_CREDENTIALS'),
    );
    await helper('late', saying({ Username: 'me', Secret: 'password' }));
    expect(passwordOf(await source.credentialsFor('a.io'))).toBe('password');
  });

  it.each([
    ['is missing', '', /is not installed/],
    ['fails', "echo 'secret-1'; exit 3", /ended with exit code 3/],
    ['prints no JSON', 'echo secret-1', /printed no JSON/],
    ['prints null', 'echo null', /printed no credentials/],
    [
      'prints half',
      saying({ Username: 'me', s: 'secret-1' }),
      /no credentials/,
    ],
    [
      'prints without end',
      'while :; do echo secret-1secret-1secret-1secret-1; done',
      /printed too much/,
    ],
  ])(
    'names a helper that %s, and not what it prints',
    async (_h, body, why) => {
      if (body) await helper('bad', body);
      await config({ credsStore: 'bad' });
      const error = await errorOf(open().credentialsFor('reg.io'));
      expect(error.code).toBe('SLIPWAY_E_CREDENTIALS');
      expect(error.message).toContain('docker-credential-bad');
      expect(error.message).toContain('reg.io');
      expect(error.message).toMatch(why);
      expect(
        `${error.message}${error.hint}${String(error.cause)}`,
      ).not.toContain('secret-1');
    },
  );

  it('ends a helper that hangs, and what it started', async () => {
    const pids = folder.at('pids');
    await helper('slow', `sleep 600 & echo $! $$ > "${pids}"; wait`);
    await config({ credsStore: 'slow' });
    const source = open({}, { helperTimeout: 500 });
    const error = await errorOf(source.credentialsFor('reg.io'));
    expect(error.message).toMatch(
      /docker-credential-slow did not answer within/,
    );
    const [child = 0, leader = 0] = readFileSync(pids, 'utf8')
      .trim()
      .split(' ')
      .map(Number);
    await eventually('both gone', () => !isAlive(child) && !isAlive(leader));
  });

  it('ends a helper when the run is cancelled', async () => {
    const pid = folder.at('pid');
    await helper('slow', `echo $$ > "${pid}"; sleep 600`);
    await config({ credsStore: 'slow' });
    const controller = new AbortController();
    const source = open({}, { signal: controller.signal });
    const work = errorOf(source.credentialsFor('reg.io'));
    const leader = await eventually(
      'the helper',
      () => existsSync(pid) && Number(readFileSync(pid, 'utf8')),
    );
    controller.abort();
    await work;
    expect(isAlive(leader)).toBe(false);
  });

  it.each(['../evil', '/bin/sh', '-x y', 'a;b', 'a\nb'])(
    'runs no helper of the name %j',
    async (name) => {
      await config({ credsStore: name });
      await expect(open().credentialsFor('reg.io')).rejects.toEqual(
        slipwayError('SLIPWAY_E_CREDENTIALS', /has a name that is none/),
      );
    },
  );

  it('names a file that cannot be read', async () => {
    await mkdir(folder.at('.docker/config.json'), { recursive: true });
    await expect(open().credentialsFor('reg.io')).rejects.toEqual(
      slipwayError('SLIPWAY_E_CREDENTIALS', /config.json cannot be read/),
    );
  });

  it('names a helper that cannot be run', async () => {
    const path = await helper('locked', 'true');
    await chmod(path, 0o644);
    await config({ credsStore: 'locked' });
    await expect(open().credentialsFor('reg.io')).rejects.toEqual(
      slipwayError('SLIPWAY_E_CREDENTIALS', /docker-credential-locked/),
    );
  });
});
