import {
  contextFile,
  contextTlsFile,
  createContext,
} from '../testing/docker-context';
import { slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { dockerEndpoint } from './endpoint';

/** A DOCKER_CONFIG folder, as the docker command keeps it. */
const config = useTempFolder();

const DEFAULT = 'unix:///var/run/docker.sock';

function endpoint(env: Readonly<Record<string, string>> = {}) {
  return dockerEndpoint({ DOCKER_CONFIG: config.path, ...env });
}

/** What is set, and the names of what must be unset. */
function commandEnv(env: Readonly<Record<string, string>> = {}) {
  const all = Object.entries(endpoint(env).env);
  return {
    set: Object.fromEntries(all.filter(([, value]) => value !== undefined)),
    unset: all.filter(([, value]) => value === undefined).map(([name]) => name),
  };
}

function useContext(name: string): Promise<void> {
  return config.write({
    'config.json': JSON.stringify({ auths: {}, currentContext: name }),
  });
}

describe('the daemon that the docker command would use', () => {
  beforeEach(async () => {
    await createContext(config, 'current', 'unix:///run/current.sock');
    await createContext(config, 'other', 'tcp://10.0.0.1:2375');
    await useContext('current');
  });

  it('is DOCKER_HOST before all else', () => {
    const env = { DOCKER_HOST: 'tcp://a:1', DOCKER_CONTEXT: 'other' };
    expect(endpoint(env).address).toBe('tcp://a:1');
  });

  it('is that of DOCKER_CONTEXT next', () => {
    const env = { DOCKER_HOST: '', DOCKER_CONTEXT: 'other' };
    expect(endpoint(env).address).toBe('tcp://10.0.0.1:2375');
  });

  it('is that of the current context next', () => {
    const { address } = endpoint({ DOCKER_CONTEXT: '' });
    expect(address).toBe('unix:///run/current.sock');
  });

  it('is the default where the context is called that', async () => {
    expect(endpoint({ DOCKER_CONTEXT: 'default' }).address).toBe(DEFAULT);
    await useContext('default');
    expect(endpoint().address).toBe(DEFAULT);
  });
});

it.each([
  ['no config file', {}],
  ['one with no context', { 'config.json': '{"auths":{}}' }],
  ['one that holds nothing', { 'config.json': 'null' }],
  ['one of another form', { 'config.json': '{"currentContext":{}}' }],
])('is the default with %s', async (_what, files) => {
  await config.write(files);
  expect(endpoint().address).toBe(DEFAULT);
});

describe('an address', () => {
  it.each([
    ['unix:///x/y.sock', 'unix:///x/y.sock'],
    [' unix:// ', DEFAULT],
    ['tcp://h:1/', 'tcp://h:1'],
    ['tcp://h', 'tcp://h:2375'],
    ['tcp://:1', 'tcp://localhost:1'],
    ['h:1', 'tcp://h:1'],
    ['h', 'tcp://h:2375'],
    ['tcp://[::1]:1', 'tcp://[::1]:1'],
    ['npipe:////./pipe/x', 'npipe:////./pipe/x'],
    ['ssh://me@h:22/x.sock', 'ssh://me@h:22/x.sock'],
  ])('%j is read as the docker command reads it', (text, address) => {
    expect(endpoint({ DOCKER_HOST: text }).address).toBe(address);
  });

  it('of ssh has all that ssh needs', () => {
    const host = (text: string) => endpoint({ DOCKER_HOST: text }).transport;
    expect(host('ssh://me@h:22/run/x.sock')).toEqual({
      kind: 'ssh',
      user: 'me',
      host: 'h',
      port: 22,
      socket: '/run/x.sock',
    });
    expect(host('ssh://[::1]')).toEqual({ kind: 'ssh', host: '::1' });
  });

  it.each([
    'http://h:1',
    'fd://',
    'tcp://h:99999',
    'tcp://h/path',
    'tcp://',
    'a b',
    'ssh://',
    'ssh://me:secret@h',
    'ssh://%zz@h',
  ])('%j is refused', (text) => {
    expect(() => endpoint({ DOCKER_HOST: text })).toThrow(
      slipwayError('SLIPWAY_E_DOCKER_NOT_RUNNING', /^DOCKER_HOST is "/),
    );
  });

  it('that is a path is told how to be written', () => {
    expect(() => endpoint({ DOCKER_HOST: '/run/docker.sock' })).toThrow(
      expect.objectContaining({
        hint: 'A socket is written unix:///run/docker.sock.',
      }) as Error,
    );
  });
});

describe('TLS', () => {
  const pem = { 'ca.pem': 'CA', 'cert.pem': 'CERT', 'key.pem': 'KEY' };
  const tcp = 'tcp://h:2376';

  it('is of DOCKER_CERT_PATH where DOCKER_TLS_VERIFY is set', async () => {
    await config.write(pem);
    const { tls } = endpoint({
      DOCKER_HOST: tcp,
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: config.path,
    });
    expect(tls).toEqual({
      ca: Buffer.from('CA'),
      cert: Buffer.from('CERT'),
      key: Buffer.from('KEY'),
      verify: true,
    });
  });

  it("is of the docker command's own folder unless that is set", async () => {
    await config.write({ 'ca.pem': 'CA' });
    const { tls } = endpoint({ DOCKER_HOST: tcp, DOCKER_TLS_VERIFY: '0' });
    expect(tls).toEqual({ ca: Buffer.from('CA'), verify: true });
  });

  it('is not verified with DOCKER_TLS alone', () => {
    const { tls } = endpoint({ DOCKER_HOST: tcp, DOCKER_TLS: '1' });
    expect(tls).toEqual({ ca: undefined, verify: false });
  });

  it('is no matter of the port', () => {
    expect(endpoint({ DOCKER_HOST: tcp }).tls).toBeUndefined();
  });

  it('is no matter of a socket', () => {
    const env = { DOCKER_HOST: DEFAULT, DOCKER_TLS_VERIFY: '1' };
    expect(endpoint(env).tls).toBeUndefined();
  });

  it('alone means the port of TLS on this machine', async () => {
    await config.write(pem);
    const { address } = endpoint({ DOCKER_TLS_VERIFY: '1' });
    expect(address).toBe('tcp://localhost:2376');
  });

  it('cannot be verified with nothing', () => {
    expect(() =>
      endpoint({ DOCKER_HOST: tcp, DOCKER_TLS_VERIFY: '1' }),
    ).toThrow(slipwayError('SLIPWAY_E_DOCKER_FAILED', /ca\.pem/));
  });

  it('of a context is what the context says, not the variables', async () => {
    await createContext(config, 'far', tcp);
    const env = { DOCKER_CONTEXT: 'far', DOCKER_TLS_VERIFY: '1' };
    expect(endpoint(env).tls).toBeUndefined();
    await config.write({ [contextTlsFile('far', 'ca.pem')]: 'CA' });
    expect(endpoint(env).tls).toEqual({ ca: Buffer.from('CA'), verify: true });
    await createContext(config, 'far', tcp, { SkipTLSVerify: true });
    expect(endpoint(env).tls?.verify).toBe(false);
  });
});

describe('the environment of a command', () => {
  const OTHERS = ['DOCKER_TLS', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'];

  it('has DOCKER_HOST and no context beside it', () => {
    const env = { DOCKER_HOST: 'h:1', DOCKER_CONTEXT: 'other' };
    expect(commandEnv(env)).toEqual({
      set: { DOCKER_HOST: 'tcp://h:1' },
      unset: ['DOCKER_CONTEXT', ...OTHERS],
    });
  });

  it('has what TLS needs, wherever the command runs', async () => {
    await config.write({ 'ca.pem': 'CA' });
    const env = {
      DOCKER_HOST: 'h:1',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: config.path,
    };
    expect(commandEnv(env).set).toEqual({ ...env, DOCKER_HOST: 'tcp://h:1' });
  });

  it('has the address of a context, for tools that know no contexts', async () => {
    await createContext(config, 'far', 'ssh://me@h');
    const env = { DOCKER_CONTEXT: 'far', DOCKER_TLS_VERIFY: '1' };
    expect(commandEnv(env)).toEqual({
      set: { DOCKER_HOST: 'ssh://me@h' },
      unset: ['DOCKER_CONTEXT', ...OTHERS],
    });
  });

  it('has a context with TLS by its name', async () => {
    await createContext(config, 'far', 'tcp://h:1', { SkipTLSVerify: true });
    expect(commandEnv({ DOCKER_CONTEXT: 'far' })).toEqual({
      set: { DOCKER_CONTEXT: 'far' },
      unset: ['DOCKER_HOST', ...OTHERS],
    });
  });

  it('has the default by its name, so that it stays the default', () => {
    expect(commandEnv()).toEqual({
      set: { DOCKER_CONTEXT: 'default' },
      unset: ['DOCKER_HOST', ...OTHERS],
    });
  });
});

it.each([
  ['that is gone', {}],
  ['without a Docker endpoint', { [contextFile('gone')]: '{"Endpoints":{}}' }],
  ['that holds nothing', { [contextFile('gone')]: 'null' }],
])('refuses a context %s', async (_what, files) => {
  await config.write(files);
  await useContext('gone');
  expect(() => endpoint()).toThrow(
    slipwayError('SLIPWAY_E_DOCKER_NOT_RUNNING', /"gone"/),
  );
});

it('names a config file that is torn', async () => {
  await config.write({ 'config.json': '{"currentContext":' });
  expect(() => endpoint()).toThrow(
    slipwayError('SLIPWAY_E_DOCKER_FAILED', /config\.json could not be read/),
  );
});
