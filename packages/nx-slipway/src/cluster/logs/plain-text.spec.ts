import fc from 'fast-check';
import { plainText } from './plain-text';

const RED = '\u001b[31m';
const END = '\u001b[0m';

describe('a line of a log', () => {
  it.each([
    ['colours and tabs', `${RED}a\tb${END}`, `${RED}a\tb${END}`],
    [
      '24-bit colours',
      '\u001b[38;2;1;2;3mx\u001b[m',
      '\u001b[38;2;1;2;3mx\u001b[m',
    ],
  ])('keeps %s', (_what, line, shown) => {
    expect(plainText(line)).toBe(shown);
  });

  it.each([
    ['a line end of Windows', 'a\r', 'a'],
    ['what was written over', '10 %\r20 %', '10 % 20 %'],
    ['a cleared screen', 'a\u001b[2J\u001b[Hb', 'ab'],
    ['a title', 'a\u001b]0;you\u0007b', 'ab'],
    ['a link', '\u001b]8;;http://x\u001b\\there\u001b]8;;\u001b\\', 'there'],
    ['a device string', 'a\u001bP1$r0m\u001b\\b', 'ab'],
    ['a C1 control', 'a\u009b2Jb', 'ab'],
    ['bells and backspaces', 'a\u0007\u0008b', 'ab'],
  ])('loses %s', (_what, line, shown) => {
    expect(plainText(line)).toBe(shown);
  });

  it('has no other control characters, whatever was in it', () => {
    const unit = fc.constantFrom(
      ...['a', 'ä', '\t', '\r', '\n', '\u0000', '\u001b', '[', ']', '3', ';'],
      ...['m', 'J', 'P', '\u0007', '\u009b', '\u007f', '\\'],
    );
    fc.assert(
      fc.property(fc.string({ unit }), (line) => {
        const rest = plainText(line).replace(/\u001b\[[\d;:]*m|\t/g, '');
        expect(rest).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
