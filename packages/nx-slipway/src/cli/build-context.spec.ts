import { slipwayError } from '../testing/slipway-error';
import { parseBuildContext } from './build-context';

const REGISTRY = {
  host: 'localhost:5000',
  hostFromCluster: 'registry:5000',
  singleName: '',
  naming: 'escape',
  insecure: false,
  caFile: '',
};
const CONTEXT = { ref: 'gcr.io/acme/web', tagPrefix: 'ci', pin: 'tag' };
const parse = (context: unknown) => parseBuildContext(JSON.stringify(context));

describe('parseBuildContext', () => {
  it('reads what a build says', () => {
    expect(parse({ ...CONTEXT, registry: REGISTRY })).toMatchObject({
      registry: REGISTRY,
      tagPrefix: 'ci',
      pin: 'tag',
      imageName: { domain: 'gcr.io', path: 'acme/web' },
    });
  });

  it('reads it without a registry', () => {
    expect(parse(CONTEXT).registry).toBeUndefined();
  });

  it('reads a registry that a cluster announced, which says where', () => {
    const registry = { ...REGISTRY, source: 'the ConfigMap' };
    expect(parse({ ...CONTEXT, registry }).registry).toEqual(REGISTRY);
  });

  it.each([
    '',
    '{',
    'null',
    '[]',
    '"web"',
    ...[
      {},
      { ...CONTEXT, ref: 1 },
      { ...CONTEXT, ref: 'Not A Ref' },
      { ...CONTEXT, pin: 'all' },
      { ...CONTEXT, tagPrefix: 'a/b' },
      { ...CONTEXT, registry: null },
      { ...CONTEXT, registry: 5 },
      { ...CONTEXT, registry: { host: 'http://x' } },
      { ...CONTEXT, registry: { ...REGISTRY, caFile: 1 } },
    ].map((context) => JSON.stringify(context)),
  ])('refuses %s', (text) => {
    expect(() => parseBuildContext(text)).toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID', /SLIPWAY_BUILD/),
    );
  });
});
