import fc from 'fast-check';
import type { ImageReference } from '../image';

/** Generators of the grammar that image/reference.ts parses. */
const word = fc.stringMatching(/^[a-z0-9]{1,6}$/);
const separator = fc.constantFrom('.', '_', '__', '-', '--');
const component = fc
  .tuple(word, fc.array(fc.tuple(separator, word), { maxLength: 2 }))
  .map(([first, rest]) => first + rest.flat().join(''));
const path = fc
  .array(component, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'));
const plainDomain = fc.constantFrom(
  'docker.io',
  'gcr.io',
  'localhost',
  'a-b.example.com',
);
const domainWithPort = fc
  .tuple(plainDomain, fc.integer({ min: 1, max: 65535 }))
  .map(([domain, port]) => `${domain}:${port}`);
const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}$/);

export const sha256 = fc
  .stringMatching(/^[0-9a-f]{64}$/)
  .map((hex) => `sha256:${hex}`);

/** `docker.io` gets the `library/` that parsing would give it. */
function normalised(domain: string, given: string) {
  const isShort = domain === 'docker.io' && !given.includes('/');
  return { domain, path: isShort ? `library/${given}` : given };
}

/** Capitals, which only domains have, and IPv6 in either case. */
const oddDomain = fc.constantFrom(
  'Reg',
  'Gcr.io:80',
  '[::1]',
  '[FE80::A]:5000',
);

export const imageName: fc.Arbitrary<ImageReference> = fc
  .tuple(fc.oneof(plainDomain, domainWithPort, oddDomain), path)
  .map(([domain, given]) => normalised(domain, given));

export const imageReference: fc.Arbitrary<ImageReference> = fc
  .tuple(
    imageName,
    fc.option(tag, { nil: undefined }),
    fc.option(sha256, { nil: undefined }),
  )
  .map(([name, someTag, digest]) => ({ ...name, tag: someTag, digest }));
