import { slipwayError } from '../testing/slipway-error';
import { workspaceOptions, type PluginOptions } from './plugin-options';
import { parseRegistry } from './registry-option';

function parse(options: unknown) {
  return workspaceOptions({
    plugins: ['@nx/js', { plugin: 'nx-slipway', options }],
  });
}

const NAMES = {
  customBuild: 'custom-build',
  render: 'render',
  deploy: 'deploy',
  serve: 'serve',
  down: 'down',
};

const invalid = (why: RegExp) => slipwayError('SLIPWAY_E_OPTION_INVALID', why);

describe('workspaceOptions', () => {
  it.each([
    ['no plugins', {}],
    ['the plugin by its name', { plugins: ['nx-slipway'] }],
    ['the plugin without options', { plugins: [{ plugin: 'nx-slipway' }] }],
    [
      'other plugins',
      { plugins: [{ plugin: 'x', options: { tagPrefix: 1 } }] },
    ],
  ])('has its defaults with %s', (_what, nxJson) => {
    expect(workspaceOptions(nxJson)).toEqual({
      tagPrefix: 'nx',
      pin: 'both',
      allowContexts: [],
      manifests: [
        '{projectRoot}/{k8s,kubernetes,deploy,manifests}/**/*.{yaml,yml}',
      ],
      locators: [],
      targetNames: NAMES,
    });
  });

  it('takes what nx.json says', () => {
    const options: PluginOptions = {
      tagPrefix: 'ci',
      registry: 'localhost:5000',
      pin: 'digest',
      allowContexts: ['dev-eu'],
      manifests: ['{projectRoot}/kube/*.yaml'],
      workspaceId: 'acme-3f2a',
      helperImage: 'busybox:1.36',
    };
    expect(parse(options)).toEqual({
      tagPrefix: 'ci',
      pin: 'digest',
      allowContexts: ['dev-eu'],
      manifests: ['{projectRoot}/kube/*.yaml'],
      workspaceId: 'acme-3f2a',
      helperImage: 'busybox:1.36',
      targetNames: NAMES,
      locators: [],
      registry: {
        host: 'localhost:5000',
        hostFromCluster: 'localhost:5000',
        singleName: '',
        naming: 'escape',
        insecure: false,
        caFile: '',
      },
    });
  });

  it.each(['', '-x', 'a/b', 'a:b', 'x'.repeat(120)])(
    'refuses the tag prefix %j',
    (tagPrefix) => {
      expect(() => parse({ tagPrefix })).toThrow(invalid(/tagPrefix/));
    },
  );

  it.each([
    [{ pin: 'all' }, /pin .*"all"/],
    [{ manifests: 'k8s/*.yaml' }, /manifests .*no list/],
    [{ workspaceId: 'Acme' }, /workspaceId .*"Acme"/],
    [{ workspaceId: 7 }, /workspaceId .*7/],
    [{ allowContexts: 'dev-eu' }, /allowContexts/],
    [{ allowContexts: [''] }, /allowContexts/],
    [{ targetNames: 'deploy' }, /targetNames .*no object/],
    [{ targetNames: { deploy: '' } }, /deploy of targetNames .*""/],
    [{ targetNames: { deploy: 'a:b' } }, /deploy of targetNames .*"a:b"/],
    [{ targetNames: { deploy: 'down' } }, /calls two targets down/],
  ])('refuses %j', (options, why) => {
    expect(() => parse(options)).toThrow(invalid(why));
  });

  it('says that it is nx.json whose registry is wrong', () => {
    expect(() => parse({ registry: 'http://x' })).toThrow(invalid(/nx\.json/));
  });
});

describe('parseRegistry', () => {
  it.each([undefined, ''])('takes %j for none', (option) => {
    expect(parseRegistry(option, 'registry')).toBeUndefined();
  });

  it('keeps what is said of both sides', () => {
    const registry = {
      host: 'localhost:5000',
      hostFromCluster: 'registry:5000',
      singleName: 'all',
      naming: 'preserve' as const,
      insecure: true,
      caFile: 'certs/ca.pem',
    };
    expect(parseRegistry(registry, 'registry')).toEqual(registry);
  });

  it.each([
    'localhost',
    'gcr.io',
    'gcr.io/acme/team',
    'docker.io/acme',
    '127.0.0.1:5000',
    '[::1]:5000',
  ])('takes the host %s', (host) => {
    expect(parseRegistry(host, 'registry')).toMatchObject({ host });
  });

  it.each([
    'http://localhost:5000',
    'https://gcr.io',
    'gcr.io/',
    'registry',
    'gcr.io/Acme',
    'gcr.io:x',
    'docker.io',
    'a b.io',
    'gcr.io/x:1',
    'gcr.io@x',
    'localhost:99999',
    '256.1.1.1:5000',
    '1.2.3.4.5/x',
    '[1:2]:5000',
  ])('refuses the host %s', (host) => {
    expect(() => parseRegistry(host, 'registry')).toThrow(
      invalid(/^registry is .* no registry host/),
    );
    const onCluster = { host: 'gcr.io', hostFromCluster: host };
    expect(() => parseRegistry(onCluster, 'registry')).toThrow(invalid(/host/));
  });

  it.each([
    [{ host: '' }, /no host/],
    [{}, /no host/],
    [{ host: 'gcr.io', naming: 'keep' }, /naming/],
    [{ host: 'gcr.io', singleName: 'All Images' }, /singleName/],
    [{ host: 'gcr.io', singleName: 'x:1' }, /singleName/],
    [{ host: 'gcr.io', insecure: 'yes' }, /insecure/],
    [{ host: 'gcr.io', caFile: 1 }, /caFile/],
  ])('refuses %j', (option, why) => {
    // As nx.json may hold it, where no schema is checked.
    expect(() => parseRegistry(option as { host: string }, 'registry')).toThrow(
      invalid(why),
    );
  });
});

it.each([
  [{ regsitry: 'localhost:5000' }, /"regsitry"/],
  [{ registry: { host: 'localhost:5000', nmaing: 'escape' } }, /"nmaing"/],
])('refuses the misspelt %j', (options, why) => {
  const plugins = [{ plugin: 'nx-slipway', options }];
  expect(() => workspaceOptions({ plugins })).toThrow(
    slipwayError('SLIPWAY_E_OPTION_UNKNOWN', why),
  );
});
