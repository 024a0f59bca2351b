import fc from 'fast-check';
import { LogLines } from './log-lines';

const LIMIT = 64 * 1024;

function linesOf(...chunks: readonly (string | Buffer)[]) {
  const lines: string[] = [];
  const cutter = new LogLines((line) => lines.push(line));
  for (const chunk of chunks) cutter.push(Buffer.from(chunk));
  return { lines, rest: cutter.rest() };
}

describe('the lines of a log', () => {
  it('are the same however it comes in chunks', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'ä', '🦀', '\n') });
    fc.assert(
      fc.property(text, fc.array(fc.nat(5)), (whole, sizes) => {
        const bytes = Buffer.from(whole);
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          chunks.push(bytes.subarray(at, (at += size)));
        }
        chunks.push(bytes.subarray(at));
        const parts = whole.split('\n');
        const rest = parts.pop();
        expect(linesOf(...chunks)).toEqual({
          lines: parts,
          rest: rest || undefined,
        });
      }),
    );
  });

  it('are cut, told at once, and end where they end', () => {
    const long = 'x'.repeat(LIMIT);
    const { lines, rest } = linesOf(long, 'y', `${long}y`, 'z\nnext\n', long);
    expect(lines).toEqual([`${long} [cut at 64 KiB]`, 'next']);
    expect(rest).toBe(long);
    expect(linesOf(`${long}\n`).lines).toEqual([long]);
  });

  it('are not cut within a character', () => {
    const [line] = linesOf(`${'x'.repeat(LIMIT - 1)}ä\n`).lines;
    expect(line).toBe(`${'x'.repeat(LIMIT - 1)} [cut at 64 KiB]`);
  });

  it('may hold what is no UTF-8', () => {
    const { lines } = linesOf(Buffer.from([0x61, 0xff, 0x62, 0xc3, 0x0a]));
    expect(lines).toEqual(['a\ufffdb\ufffd']);
  });
});
