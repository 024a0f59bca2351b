import { ERROR_CODES, SlipwayError, formatError } from './slipway-error';

const cause = new Error('socket hang up');
const error = new SlipwayError({
  code: 'SLIPWAY_E_REF_INVALID',
  message: '"X" is not an image reference.',
  hint: 'Write it in lower case.',
  cause,
});

describe('formatError', () => {
  it('begins with the code and ends with the hint, with no stack', () => {
    expect(formatError(error)).toBe(
      'SLIPWAY_E_REF_INVALID: "X" is not an image reference.\n  hint: Write it in lower case.',
    );
  });

  it('leaves the hint out where there is none', () => {
    const bare = new SlipwayError({
      code: 'SLIPWAY_E_CANCELLED',
      message: 'the build was cancelled.',
    });
    expect(formatError(bare)).toBe(
      'SLIPWAY_E_CANCELLED: the build was cancelled.',
    );
  });

  it('tells where it comes from, and from what, when it is verbose', () => {
    const text = formatError(error, true);
    expect(text).toContain('slipway-error.spec.ts');
    expect(text).toContain('caused by: Error: socket hang up\n');
  });

  it('keeps the stack of an error that is not ours', () => {
    expect(formatError(cause)).toBe(cause.stack);
    expect(formatError('just text')).toBe('just text');
  });
});

describe('ERROR_CODES', () => {
  it('holds each code once', () => {
    expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
  });
});
