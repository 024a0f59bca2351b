import { hasColors } from './output';

describe('colours', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ FORCE_COLOR: 'true' }, false, true],
    [{ FORCE_COLOR: '3' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ NO_COLOR: '1', FORCE_COLOR: 'true' }, true, false],
    [{ NO_COLOR: '' }, true, true],
  ])('with %j, on a terminal: %j', (env, isTerminal, expected) => {
    expect(hasColors(env, isTerminal)).toBe(expected);
  });
});
