import { SlipwayError } from '../report';
import { mayPass, pauseBefore } from './retry';

describe('what failed', () => {
  it('is tried again where a system was away, and not where files are wrong', () => {
    const of = (code: SlipwayError['code']) =>
      new SlipwayError({ code, message: 'x' });
    expect(mayPass(of('SLIPWAY_E_REGISTRY_UNREACHABLE'))).toBe(true);
    expect(mayPass(of('SLIPWAY_E_COMMAND_FAILED'))).toBe(false);
    expect(mayPass(new Error('a defect'))).toBe(false);
  });

  it('is tried again after longer and longer, thirty seconds at most', () => {
    expect([1, 2, 3, 4, 5, 6, 50].map(pauseBefore)).toEqual([
      1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
    ]);
  });
});
