import fc from 'fast-check';
import { imageName, sha256 } from '../testing/arbitraries';
import { contentTag } from './content-id';
import { isTag, parseReference } from './reference';
import { nameInTag, tagUnder } from './registry-name';
import { buildTag, isContentTag } from './tags';

const single = {
  host: 'localhost:5000',
  hostFromCluster: 'localhost:5000',
  singleName: 'all',
  naming: 'escape',
  insecure: false,
  caFile: '',
} as const;
const prefix = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.-]{0,8}$/);

describe('isContentTag', () => {
  it('knows every content tag, and under singleName whose it is', () => {
    fc.assert(
      fc.property(imageName, imageName, sha256, prefix, (a, b, id, start) => {
        const tag = contentTag(id, start);
        expect(isContentTag(tag, start)).toBe(true);
        const tagOfA = tagUnder(a, single, tag);
        const [ofA, ofB] = [nameInTag(a), nameInTag(b)];
        expect(isContentTag(tagOfA, start, ofA)).toBe(true);
        expect(isContentTag(tagOfA, start, ofB)).toBe(ofA === ofB);
      }),
    );
  });

  it.each([
    ['latest', 'nx'],
    ['nx-0123456789abcde', 'nx'],
    ['nx-0123456789abcdef0', 'nx'],
    ['nx-0123456789ABCDEF', 'nx'],
    ['nx-build-0123456789abcdef', 'nx'],
    ['x-nx-0123456789abcdef', 'nx'],
    // The prefix is text, not a pattern.
    ['nxx-0123456789abcdef', 'nx.'],
  ])('says of %s that it is none with the prefix %s', (tag, start) => {
    expect(isContentTag(tag, start)).toBe(false);
  });

  it('does not take the tag of x-nx for one of x', () => {
    const name = parseReference('x-nx');
    const tag = tagUnder(name, single, 'nx-0123456789abcdef');
    expect(isContentTag(tag, 'nx', nameInTag(name))).toBe(true);
    expect(isContentTag(tag, 'nx', 'x')).toBe(false);
  });
});

describe('buildTag', () => {
  // Another one leaves the old tag in every registry, for ever.
  it('stays what it was in the first release', () => {
    const parts = { machine: 'm', workspace: '/work', name: 'gcr.io/acme/x' };
    expect(buildTag('nx', parts)).toBe('nx-build-4de08c94978f5d85');
  });

  it('is a tag, another for each machine, workspace and image', () => {
    const text = fc.stringMatching(/^[a1:]{0,3}$/);
    const parts = fc.record({ machine: text, workspace: text, name: text });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(isTag(buildTag('nx', a))).toBe(true);
        const isSame =
          a.machine === b.machine &&
          a.workspace === b.workspace &&
          a.name === b.name;
        expect(buildTag('nx', a) === buildTag('nx', b)).toBe(isSame);
      }),
    );
  });
});
