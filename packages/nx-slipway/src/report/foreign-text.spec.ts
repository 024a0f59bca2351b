import fc from 'fast-check';
import { foreignText } from './foreign-text';

const anyLine = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\u001b[31m',
        '\u001b[2J',
        '\u009b1A',
        '\r',
        '\t',
        '\u001b',
      ),
    ),
  )
  .map((parts) => parts.join(''));

describe('foreign text', () => {
  it.each([
    ['a\tb', 'a\tb'],
    ['a\r', 'a'],
    ['10%\r50%\r100%', '100%'],
    ['\u001b[2K\u001b[1Aup', 'up'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;http://a/\u0007link\u001b]8;;\u0007', 'link'],
    ['a\u202eb\u2028c', 'abc'],
    ['\u001b[1;31mred\u001b[0m', 'red'],
    ['👩‍👩‍👧 naïve', '👩‍👩‍👧 naïve'],
  ])('shows %j as %j', (line, shown) => {
    expect(foreignText(line, false)).toBe(shown);
  });

  it('keeps colours where there are any, and ends them with the line', () => {
    expect(foreignText('\u001b[31mred \u001b[2Kx', true)).toBe(
      '\u001b[31mred x\u001b[0m',
    );
    expect(foreignText('none', true)).toBe('none');
  });

  it('moves no cursor and makes no second line, whatever it is', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        expect(foreignText(line, false)).not.toMatch(
          /[^\P{Cc}\t]|[\u2028\u2029]/u,
        );
        const colored = foreignText(line, true);
        const rest = colored.replace(/\u001b\[[\d;:]*m/g, '');
        expect(rest).not.toMatch(/[^\P{Cc}\t]|[\u2028\u2029]/u);
        if (rest !== colored) expect(colored).toMatch(/\u001b\[0m$/u);
      }),
    );
  });

  it('cuts a line of megabytes', () => {
    expect(foreignText('x'.repeat(1e6), true).length).toBeLessThan(10_000);
  });
});
