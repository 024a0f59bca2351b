import fc from 'fast-check';
import { mappableName, nameWithoutPort } from '../testing/arbitraries';
import { slipwayError } from '../testing/slipway-error';
import {
  canonicalName,
  familiarName,
  isTag,
  parseReference,
} from './reference';
import { mapToRegistry, tagUnder, type Registry } from './registry-name';

const registry: Registry = {
  host: 'localhost:5000',
  hostFromCluster: 'registry:5000',
  singleName: '',
  naming: 'escape',
  insecure: false,
  caFile: '',
};
const preserving: Registry = { ...registry, naming: 'preserve' };

/** Both sides of a name, in full. */
function mapped(name: string, to: Registry | undefined) {
  const { local, cluster } = mapToRegistry(parseReference(name), to);
  return [local, cluster].map(canonicalName);
}

const anyRegistry: fc.Arbitrary<Registry> = fc.record({
  host: fc.constantFrom('localhost:5000', 'reg.io/team', 'docker.io/acme'),
  hostFromCluster: fc.constantFrom('registry:5000', 'reg.io'),
  singleName: fc.constantFrom('', 'all/images'),
  naming: fc.constantFrom('escape', 'preserve'),
});

describe('mapToRegistry', () => {
  it('leaves a name alone where there is no registry', () => {
    expect(mapped('acme/x', undefined)).toEqual([
      'docker.io/acme/x',
      'docker.io/acme/x',
    ]);
  });

  it.each([
    ['frontend', 'frontend'],
    ['gcr.io/acme/x', 'gcr.io_acme_x'],
    ['other:1234/x', 'other_1234_x'],
    ['localhost:5000/team/x', 'team/x'],
    ['registry:5000/team/x', 'team/x'],
  ])('escapes %s to %s, as Tilt does', (name, path) => {
    expect(mapped(name, registry)).toEqual([
      `localhost:5000/${path}`,
      `registry:5000/${path}`,
    ]);
  });

  it.each([
    ['frontend', 'frontend'],
    ['gcr.io/acme/x', 'gcr.io/acme/x'],
    ['localhost:5000/team/x', 'team/x'],
  ])('preserves the path of %s as %s', (name, path) => {
    expect(mapped(name, preserving)[0]).toBe(`localhost:5000/${path}`);
  });

  it('puts every image into the one repository of singleName', () => {
    const single = { ...registry, singleName: 'all' };
    expect(mapped('gcr.io/acme/x', single)).toEqual([
      'localhost:5000/all',
      'registry:5000/all',
    ]);
  });

  it('knows a name that is under an organisation of Docker Hub already', () => {
    const hub = { ...registry, host: 'docker.io/acme' };
    expect(mapped('acme/x', hub)[0]).toBe('docker.io/acme/x');
    expect(mapped('frontend', hub)[0]).toBe('docker.io/acme/frontend');
  });

  it('does not take a host that only begins alike for the registry', () => {
    expect(mapped('localhost:50001/x', registry)[0]).toBe(
      'localhost:5000/localhost_50001_x',
    );
  });

  it('refuses a name that no longer fits', () => {
    const long = parseReference(`gcr.io/${'x'.repeat(245)}`);
    expect(() => mapToRegistry(long, registry)).toThrow(
      slipwayError('SLIPWAY_E_REF_INVALID', /longer/),
    );
  });

  it('always yields a name, the same repository on both sides', () => {
    fc.assert(
      fc.property(mappableName, anyRegistry, (name, to) => {
        const { local, cluster } = mapToRegistry(name, to);
        expect(parseReference(familiarName(local))).toEqual(local);
        expect(canonicalName(local).slice(to.host.length)).toBe(
          canonicalName(cluster).slice(to.hostFromCluster.length),
        );
      }),
    );
  });

  it('maps a mapped name to itself', () => {
    fc.assert(
      fc.property(mappableName, anyRegistry, (name, to) => {
        const once = mapToRegistry(name, to);
        expect(mapToRegistry(once.local, to)).toEqual(once);
      }),
    );
  });

  it('never lets two names meet when it preserves paths', () => {
    fc.assert(
      fc.property(nameWithoutPort, nameWithoutPort, (a, b) => {
        const [toA, toB] = [a, b].map((name) =>
          canonicalName(mapToRegistry(name, preserving).local),
        );
        expect(toA === toB).toBe(canonicalName(a) === canonicalName(b));
      }),
      { numRuns: 500 },
    );
  });
});

describe('tagUnder', () => {
  const single = { ...registry, singleName: 'all' };

  it('keeps the tag where each image has a repository of its own', () => {
    const name = parseReference('gcr.io/acme/x');
    expect(tagUnder(name, registry, 'nx-1')).toBe('nx-1');
    expect(tagUnder(name, undefined, 'nx-1')).toBe('nx-1');
  });

  it('puts the whole name in front under singleName', () => {
    const name = parseReference('gcr.io/acme/x');
    expect(tagUnder(name, single, 'nx-1')).toBe('gcr.io_acme_x-nx-1');
  });

  it('is a tag, or an error that says what to shorten', () => {
    fc.assert(
      fc.property(mappableName, (name) => {
        expect(isTag(tagUnder(name, single, 'nx-1'))).toBe(true);
      }),
    );
    const fits = parseReference('x'.repeat(128 - '-nx-1'.length));
    expect(isTag(tagUnder(fits, single, 'nx-1'))).toBe(true);
    const tooLong = parseReference('x'.repeat(128 - '-nx-1'.length + 1));
    expect(() => tagUnder(tooLong, single, 'nx-1')).toThrow(
      slipwayError('SLIPWAY_E_REF_INVALID', /too long for a tag/),
    );
  });
});
