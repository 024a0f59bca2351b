import { parseCommand } from './arguments';
import { exportLines, table } from './format';
import { lineReport } from '../report';

const usage = expect.objectContaining({ code: 'SANDBOX_E_USAGE' }) as Error;

describe('parseCommand', () => {
  it.each([[[]], [['--help']], [['up', '-h']], [['status', '--help']]])(
    'helps for %j',
    (argv) => {
      expect(parseCommand(argv)).toBe('help');
    },
  );

  it('reads the options of up, negated ones too', () => {
    const argv = ['up', '--name=x', '-y', '--no-cluster', '--registry', 'r:1'];
    expect(parseCommand(argv)).toMatchObject({
      command: 'up',
      yes: true,
      up: { name: 'x', cluster: false, registry: 'r:1' },
    });
  });

  it.each([
    [['start']],
    [['up', '--frob']],
    [['up', 'extra']],
    [['down', '--cluster']],
    [['up', '--name']],
  ])('refuses %j', (argv) => {
    expect(() => parseCommand(argv)).toThrow(usage);
  });
});

it('quotes for the shell', () => {
  expect(exportLines({ A: "it's" })).toBe(`export A='it'\\''s'`);
});

it('aligns columns', () => {
  expect(
    table([
      ['a', 'b'],
      ['long', 'c'],
    ]),
  ).toBe('  a     b\n  long  c');
});

it('reports a step with its time, one that failed too', async () => {
  const lines: string[] = [];
  let clock = 0;
  const report = lineReport(
    (line) => lines.push(line),
    () => (clock += 1500),
  );
  await report.step('one', () => Promise.resolve());
  const failing = report.step('two', () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(lines).toEqual(['   1.5 s  one', '   1.5 s  two: failed']);
});
