import fc from 'fast-check';
import { quote } from './quote';

describe('quote', () => {
  it.each([
    ['frontend:v1', '"frontend:v1"'],
    ['a"b\\', '"a\\"b\\\\"'],
    ['\u001b[2Jx\r\n', '"\\u001b[2Jx\\r\\n"'],
    // Text direction, a line end that JSON leaves alone, a byte order mark.
    ['\u202ex\u2028\ufeff', '"\\u{202e}x\\u{2028}\\u{feff}"'],
    ['\u007f\u009b', '"\\u{7f}\\u{9b}"'],
    ['😀'.repeat(100), `"${'😀'.repeat(100)}"`],
    ['😀'.repeat(101), `"${'😀'.repeat(100)}..."`],
  ])('writes %j as %s', (text, quoted) => expect(quote(text)).toBe(quoted));

  it('is short and shows nothing that a terminal acts on', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const quoted = quote(text);
        expect(quoted).toMatch(/^"[^\p{C}\p{Zl}\p{Zp}]*"$/u);
        expect(quoted.length).toBeLessThan(100 * 10);
      }),
    );
  });
});
