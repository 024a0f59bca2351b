import fc from 'fast-check';
import { imageReference } from '../testing/arbitraries';
import { slipwayError } from '../testing/slipway-error';
import { isUnder, pinned, swapHost } from './deploy-ref';
import { canonicalName, formatReference, parseReference } from './reference';
import type { Pin, Registry } from './registry-name';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const registry: Registry = {
  host: 'localhost:5000/team',
  hostFromCluster: 'registry:5000',
  singleName: '',
  naming: 'escape',
  insecure: false,
  caFile: '',
};

describe('pinned', () => {
  const name = parseReference('gcr.io/acme/x:old');

  it.each<[Pin, string | undefined, string | undefined, string]>([
    ['tag', 'nx-1', DIGEST, 'gcr.io/acme/x:nx-1'],
    ['digest', 'nx-1', DIGEST, `gcr.io/acme/x@${DIGEST}`],
    ['both', 'nx-1', DIGEST, `gcr.io/acme/x:nx-1@${DIGEST}`],
    ['tag', undefined, DIGEST, `gcr.io/acme/x@${DIGEST}`],
    ['digest', 'nx-1', undefined, 'gcr.io/acme/x:nx-1'],
    ['both', 'nx-1', undefined, 'gcr.io/acme/x:nx-1'],
    ['both', undefined, DIGEST, `gcr.io/acme/x@${DIGEST}`],
  ])('by %s, with the tag %s and the digest %s', (pin, tag, digest, ref) => {
    expect(formatReference(pinned(name, tag, digest, pin))).toBe(ref);
  });

  it('never yields a name alone', () => {
    expect(() => pinned(name, undefined, undefined, 'both')).toThrow(
      /no tag and no digest/,
    );
  });
});

describe('swapHost', () => {
  it('tells the cluster its own name for the registry', () => {
    const ref = parseReference(`localhost:5000/team/a/x:v1@${DIGEST}`);
    const { local, cluster } = swapHost(ref, registry);
    expect(local).toBe(ref);
    expect(formatReference(cluster)).toBe(`registry:5000/a/x:v1@${DIGEST}`);
  });

  it.each([
    'x:v1',
    'localhost:5000/other/x:v1',
    'localhost:5000/teams/x:v1',
    'localhost:5000/team:v1',
    'registry:5000/x:v1',
  ])('leaves %s alone, which is elsewhere', (text) => {
    const ref = parseReference(text);
    expect(swapHost(ref, registry)).toEqual({ local: ref, cluster: ref });
    expect(isUnder(ref, registry)).toBe(false);
  });

  it('leaves every ref alone where there is no registry', () => {
    const ref = parseReference('localhost:5000/x:v1');
    expect(swapHost(ref, undefined)).toEqual({ local: ref, cluster: ref });
    expect(isUnder(ref, undefined)).toBe(false);
  });

  it('refuses a ref that gets too long', () => {
    const far = { ...registry, hostFromCluster: 'r'.repeat(200) + '.io' };
    const ref = parseReference(`localhost:5000/team/${'x'.repeat(200)}:v1`);
    expect(() => swapHost(ref, far)).toThrow(
      slipwayError('SLIPWAY_E_REF_INVALID', /longer/),
    );
  });

  it('names the same repository on both sides, by the same tag and digest', () => {
    fc.assert(
      fc.property(imageReference, fc.boolean(), (given, below) => {
        const ref = below
          ? { ...given, domain: 'localhost:5000', path: `team/${given.path}` }
          : given;
        const { local, cluster } = swapHost(ref, registry);
        expect(local).toEqual(ref);
        expect(isUnder(ref, registry)).toBe(below);
        const repository = below ? `registry:5000/${given.path}` : undefined;
        expect(canonicalName(cluster)).toBe(repository ?? canonicalName(ref));
        expect([cluster.tag, cluster.digest]).toEqual([ref.tag, ref.digest]);
      }),
    );
  });
});
