import fc from 'fast-check';
import { twoNames } from '../testing/registry-option';
import { SlipwayError } from '../report';
import { imageName } from '../testing/arbitraries';
import { slipwayError } from '../testing/slipway-error';
import {
  canonicalName,
  familiarName,
  isTag,
  parseReference,
  type ImageReference,
} from './reference';
import {
  mapToRegistry,
  nameInTag,
  tagUnder,
  type DeployRef,
  type Registry,
} from './registry-name';

const registry = twoNames;
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
  insecure: fc.constant(false),
  caFile: fc.constant(''),
});

/** Names that nearly meet: few letters, and all that divides them. */
const nearName = fc
  .array(
    fc.constantFrom('a', 'A', '1', '.', '_', '__', '-', ':', '/', '[', ']'),
    {
      minLength: 1,
      maxLength: 7,
    },
  )
  .map((parts) => parts.join(''))
  .map((text) => nameOf(text) ?? nameOf(`docker.io/${text}`))
  .filter((name) => name !== undefined);

/** The name of an image, if `text` is one. */
function nameOf(text: string): ImageReference | undefined {
  try {
    const { domain, path, tag } = parseReference(text);
    return tag === undefined ? { domain, path } : undefined;
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

/** How a name of any length is mapped; undefined when it is refused as too long. */
function mappedIfShort(
  name: ImageReference,
  to: Registry,
): DeployRef | undefined {
  try {
    return mapToRegistry(name, to);
  } catch (error) {
    expect(error).toEqual(slipwayError('SLIPWAY_E_REF_INVALID', /is longer/));
    return undefined;
  }
}

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
    ['[::1]:5000/x', '1_5000_x'],
    ['[2001:DB8::]/x', '2001_db8_x'],
    ['Reg/x', 'reg_x'],
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
    ['localhost:5001/x', 'localhost_5001/x'],
    ['localhost_5001/x', 'docker.io/localhost_5001/x'],
    ['docker.io/library/localhost/x', 'docker.io/library/localhost/x'],
    ['my_team/x', 'my_team/x'],
    ['Reg/x', 'host_hex.526567/x'],
    ['[::1]:5000/x', 'host_hex.5b3a3a315d3a35303030/x'],
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
      fc.property(imageName, anyRegistry, (name, to) => {
        const { local, cluster } = mapToRegistry(name, to);
        expect(parseReference(familiarName(local))).toEqual(local);
        expect(canonicalName(local).slice(to.host.length)).toBe(
          canonicalName(cluster).slice(to.hostFromCluster.length),
        );
      }),
    );
  });

  it('refuses nothing but names that get too long', () => {
    const long = fc
      .tuple(imageName, fc.integer({ min: 1, max: 8 }), fc.nat(100))
      .map(([{ domain, path }, times, more]) =>
        nameOf(`${domain}/${`${path}/`.repeat(times)}${'x'.repeat(more + 1)}`),
      )
      .filter((name) => name !== undefined);
    fc.assert(
      fc.property(long, anyRegistry, (name, to) => {
        const found = mappedIfShort(name, to);
        if (!found) return;
        expect(parseReference(familiarName(found.local))).toEqual(found.local);
      }),
    );
  });

  it('maps a mapped name to itself', () => {
    fc.assert(
      fc.property(imageName, anyRegistry, (name, to) => {
        const once = mapToRegistry(name, to);
        expect(mapToRegistry(once.local, to)).toEqual(once);
      }),
    );
  });

  it('never lets two names meet when it preserves paths', () => {
    const name = fc.oneof(imageName, nearName);
    fc.assert(
      fc.property(name, name, (a, b) => {
        const [toA, toB] = [a, b].map((from) =>
          canonicalName(mapToRegistry(from, preserving).local),
        );
        expect(toA === toB).toBe(canonicalName(a) === canonicalName(b));
      }),
      { numRuns: 500 },
    );
  });

  it('lets none of all short names meet when it preserves paths', () => {
    const seen = new Map<string, string>();
    for (const name of allNames()) {
      const path = mapToRegistry(name, preserving).local.path;
      const given = canonicalName(name);
      expect([seen.get(path) ?? given, path]).toEqual([given, path]);
      seen.set(path, given);
    }
    expect(seen.size).toBeGreaterThan(600);
  });
});

describe('nameInTag', () => {
  it.each([
    ['frontend', 'frontend'],
    ['gcr.io/acme/x', 'gcr.io_acme_x'],
    ['my_app', 'my_-app'],
    ['reg:5000/x', 'reg_.5000_x'],
    ['[::1]/x', '___._.1___x'],
    ['Reg/x', 'Reg_x'],
  ])('writes %s as %s', (name, text) => {
    expect(nameInTag(parseReference(name))).toBe(text);
  });

  it('lets none of all short names meet', () => {
    const seen = new Map<string, string>();
    for (const name of allNames()) {
      const text = nameInTag(name);
      const given = canonicalName(name);
      expect(isTag(text)).toBe(true);
      expect([seen.get(text) ?? given, text]).toEqual([given, text]);
      seen.set(text, given);
    }
  });

  it('never lets two names meet', () => {
    const name = fc.oneof(imageName, nearName);
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(nameInTag(a) === nameInTag(b)).toBe(
          canonicalName(a) === canonicalName(b),
        );
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
      fc.property(imageName, (name) => {
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

/** Every name of at most five of the characters that matter. */
function allNames(): ImageReference[] {
  const alphabet = ['a', 'A', '1', '.', '_', '-', ':', '/'];
  let texts = [''];
  const names: ImageReference[] = [];
  for (let length = 1; length <= 5; length += 1) {
    texts = texts.flatMap((text) => alphabet.map((next) => text + next));
    // `a.1/a` is a host and a path, `docker.io/a.1/a` a path alone.
    for (const text of texts.flatMap((t) => [t, `docker.io/${t}`])) {
      const name = nameOf(text);
      if (name) names.push(name);
    }
  }
  return names;
}
