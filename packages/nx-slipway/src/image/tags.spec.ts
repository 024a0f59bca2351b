import fc from 'fast-check';
import { isTag } from './reference';
import { buildTag } from './tags';

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
