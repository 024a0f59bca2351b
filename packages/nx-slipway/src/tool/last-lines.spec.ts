import fc from 'fast-check';
import { LastLines } from './last-lines';

function tailOf(chunks: readonly string[]): string {
  const tail = new LastLines();
  for (const chunk of chunks) tail.add(chunk);
  return tail.toString();
}

it('are the last ten, however they came', () => {
  const line = fc.stringMatching(/^[a-z\x1b[\]\r ]{0,20}x$/);
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 50 }),
      fc.boolean(),
      (lines, size, isWhole) => {
        const text = lines.join('\n') + (isWhole ? '\n' : '');
        const chunks = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
        const wanted = lines.slice(-10).map((each) => `    ${each}`);
        expect(tailOf(chunks)).toBe(` Its last lines:\n${wanted.join('\n')}`);
      },
    ),
  );
});

it('are said to be none of a command that printed none', () => {
  expect(tailOf([])).toBe(' It printed nothing.');
  expect(tailOf(['\n', '\n'])).toBe(' It printed nothing.');
});

it('keep the end of a line that has none', () => {
  const chunk = 'x'.repeat(64 * 1024);
  const tail = tailOf([...Array<string>(100).fill(chunk), 'the end']);
  expect(tail.length).toBeLessThan(8300);
  expect(tail).toMatch(/^ Its last lines:\n {4}…x+the end$/);
});

it('keep whole lines after a long one', () => {
  const long = 'x'.repeat(20_000);
  expect(tailOf([long, '\none\n', 'two\n'])).toMatch(/x\n {4}one\n {4}two$/);
});
