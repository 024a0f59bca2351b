import { contextFile, createContext } from '../testing/docker-context';
import { slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { dockerHost } from './endpoint';

/** A DOCKER_CONFIG folder, as the docker command keeps it. */
const config = useTempFolder();

function hostWith(env: Readonly<Record<string, string>> = {}) {
  return dockerHost({ DOCKER_CONFIG: config.path, ...env });
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
    expect(hostWith(env)).toBe('tcp://a:1');
  });

  it('is that of DOCKER_CONTEXT next', () => {
    const env = { DOCKER_HOST: '', DOCKER_CONTEXT: 'other' };
    expect(hostWith(env)).toBe('tcp://10.0.0.1:2375');
  });

  it('is that of the current context next', () => {
    expect(hostWith({ DOCKER_CONTEXT: '' })).toBe('unix:///run/current.sock');
  });

  it('is the default where the context is called that', async () => {
    expect(hostWith({ DOCKER_CONTEXT: 'default' })).toBeUndefined();
    await useContext('default');
    expect(hostWith()).toBeUndefined();
  });
});

it.each([
  ['no config file', {}],
  ['one with no context', { 'config.json': '{"auths":{}}' }],
  ['one that holds nothing', { 'config.json': 'null' }],
])('is the default with %s', async (_what, files) => {
  await config.write(files);
  expect(hostWith()).toBeUndefined();
});

it.each([
  ['that is gone', {}],
  ['without a Docker endpoint', { [contextFile('gone')]: '{"Endpoints":{}}' }],
])('refuses a context %s', async (_what, files) => {
  await config.write(files);
  await useContext('gone');
  expect(() => hostWith()).toThrow(
    slipwayError('SLIPWAY_E_DOCKER_NOT_RUNNING', /"gone"/),
  );
});

it('names a config file that is torn', async () => {
  await config.write({ 'config.json': '{"currentContext":' });
  expect(() => hostWith()).toThrow(
    slipwayError('SLIPWAY_E_DOCKER_FAILED', /config\.json could not be read/),
  );
});
