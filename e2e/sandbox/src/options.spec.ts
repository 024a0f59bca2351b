import { layoutOf } from './layout';
import { settingsFor, type UpOptions } from './options';
import type { Settings } from './settings';

const settings = (
  options: UpOptions,
  before?: Settings,
  env: NodeJS.ProcessEnv = {},
) => {
  const layout = layoutOf(options.name ?? 'default', '/cache');
  return settingsFor(layout, options, before, env);
};

const UP: Settings = { schema: 1, cluster: true, external: {} };
const code = (name: string) => expect.objectContaining({ code: name }) as Error;

describe('settingsFor', () => {
  it('has a cluster in the default sandbox, and elsewhere when asked', () => {
    expect(settings({}).cluster).toBe(true);
    expect(settings({ cluster: false }).cluster).toBe(false);
    expect(settings({ name: 'second' }).cluster).toBe(false);
    expect(settings({ name: 'second', cluster: true }).cluster).toBe(true);
  });

  it('does not end a cluster that somebody else does without', () => {
    expect(settings({ cluster: false }, UP).cluster).toBe(true);
  });

  it('uses the DOCKER_HOST of the shell, but not our own of an earlier up', () => {
    const of = (DOCKER_HOST: string) =>
      settings({}, undefined, { DOCKER_HOST }).external.dockerHost;
    expect(of('tcp://10.1.2.3:2375')).toBe('tcp://10.1.2.3:2375');
    expect(of('unix:///run/nx-slipway/default-1/docker.sock')).toBeUndefined();
  });

  it('keeps what it is up with, and refuses another', () => {
    const before = { ...UP, external: { registry: 'localhost:5000' } };
    expect(settings({}, before).external).toEqual(before.external);
    expect(() => settings({ registry: 'localhost:5001' }, before)).toThrow(
      code('SANDBOX_E_OTHER'),
    );
  });

  it('takes a context by name only, from the kubeconfig of the shell', () => {
    const found = settings({ context: 'kind-kind' }, undefined, {
      KUBECONFIG: '/k',
    });
    expect(found.cluster).toBe(false);
    expect(found.external).toEqual({ context: 'kind-kind', kubeconfig: '/k' });
    expect(() => settings({ kubeconfig: '/k' })).toThrow(
      code('SANDBOX_E_CONTEXT'),
    );
    expect(() => settings({ context: 'kind-kind', cluster: true })).toThrow(
      code('SANDBOX_E_TWO_CLUSTERS'),
    );
  });
});
