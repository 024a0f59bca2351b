import fc from 'fast-check';
import { readinessOf, type ObjectImage } from './held-back';

const image = (more: Partial<ObjectImage> = {}): ObjectImage => ({
  isThere: true,
  settledAt: 0,
  ...more,
});

describe('an object with images', () => {
  it('is applied without any, and with images that stand', () => {
    expect(readinessOf([], 0, -Infinity)).toBe('go');
    expect(readinessOf([image(), image({ settledAt: 5 })], 0, 1)).toBe('go');
  });

  it('is held back as long as an image of it was never there', () => {
    const away = image({ isThere: false, settledAt: -Infinity });
    expect(readinessOf([image(), away], 0, 0)).toBe('blocked');
  });

  it('waits for the other images of the same save', () => {
    const done = image({ settledAt: 10 });
    expect(readinessOf([done, image({ workSince: 5 })], 0, 1)).toBe('soon');
  });

  it('does not wait for what was saved since the first was done', () => {
    const done = image({ settledAt: 10 });
    expect(readinessOf([done, image({ workSince: 11 })], 0, 1)).toBe('go');
  });

  it('goes with nothing new in it, whatever is at work', () => {
    expect(readinessOf([image({ workSince: 5 })], 0, 1)).toBe('go');
  });

  it('waits with a new manifest for an image of the same save', () => {
    expect(readinessOf([image({ workSince: 5 })], 6, 1)).toBe('soon');
    expect(readinessOf([image({ workSince: 7 })], 6, 1)).toBe('go');
  });

  it('goes once all that had begun by then has arrived, however one goes on', () => {
    const times = fc.array(fc.nat(100), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(times, fc.nat(100), (settled, appliedAt) => {
        const first = Math.min(
          ...settled.filter((at) => at > appliedAt),
          Infinity,
        );
        const images = settled.map((settledAt) =>
          image({ settledAt, workSince: Math.max(first, settledAt) }),
        );
        expect(readinessOf(images, 0, appliedAt)).toBe('go');
      }),
    );
  });
});
