import { slipwayError } from '../testing/slipway-error';
import { parseReference } from '../image';
import { twoNames } from '../testing/registry-option';
import { formatBuildContext, parseBuildContext } from './build-context';

const CONTEXT = { ref: 'gcr.io/acme/web', tagPrefix: 'ci', pin: 'tag' };
const parse = (context: unknown) => parseBuildContext(JSON.stringify(context));

describe('parseBuildContext', () => {
  it('reads what a build says', () => {
    expect(parse({ ...CONTEXT, registry: twoNames })).toMatchObject({
      registry: twoNames,
      tagPrefix: 'ci',
      pin: 'tag',
      imageName: { domain: 'gcr.io', path: 'acme/web' },
    });
  });

  it.each([twoNames, undefined])('reads what was written: %j', (registry) => {
    const naming = {
      imageName: parseReference('acme/web'),
      registry,
      tagPrefix: 'nx',
      pin: 'both',
    } as const;
    const read = parseBuildContext(formatBuildContext(naming));
    expect(read).toMatchObject(naming);
  });

  it('reads it without a registry', () => {
    expect(parse(CONTEXT).registry).toBeUndefined();
  });

  it('reads a registry that a cluster announced, which says where', () => {
    const registry = { ...twoNames, source: 'the ConfigMap' };
    expect(parse({ ...CONTEXT, registry }).registry).toEqual(twoNames);
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
      { ...CONTEXT, registry: { ...twoNames, caFile: 1 } },
    ].map((context) => JSON.stringify(context)),
  ])('refuses %s', (text) => {
    expect(() => parseBuildContext(text)).toThrow(
      slipwayError('SLIPWAY_E_OPTION_INVALID', /SLIPWAY_BUILD/),
    );
  });
});
