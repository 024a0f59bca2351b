import fc from 'fast-check';
import { NxOutput, type NxLine } from './nx-output';

/** As Nx prints it from 22.7.12 to 24.0.6, each version with other lines at the end. */
const RAN = `
\u001b[36m NX   Running target build for project web and 2 tasks it depends on:\u001b[39m

- web



> nx run base:build  [local cache]

Compiling TypeScript files for project "base"...

> nx run lib:build

lib: Compiling TypeScript files for project "lib"...
lib: \u001b[96mlibs/lib/src/index.ts\u001b[0m:1:14 - error TS2322: Type 'string' is not assignable to type 'number'.
lib: 1 export const lib: number = "one";
lib:

  Run duration:      978ms
  Critical path:     974ms (1 task)
`;
/** On standard error. */
const FAILED = `
 NX   Running target build for project web and 2 tasks it depends on failed

Tasks not run because their dependencies failed or --nx-bail=true:

- web:build

Failed tasks:

- lib:build

`;

const ALL = { stdout: RAN, stderr: FAILED };

interface Printed {
  readonly stdout?: string;
  readonly stderr?: string;
}

function read({ stdout = '', stderr = '' }: Printed, size = Infinity) {
  const lines: NxLine[] = [];
  const output = new NxOutput(['web', 'lib', 'base'], (line) =>
    lines.push(line),
  );
  for (let at = 0; at < Math.max(stdout.length, stderr.length); at += size) {
    output.push('stdout', stdout.slice(at, at + size));
    output.push('stderr', stderr.slice(at, at + size));
  }
  output.end();
  return { output, lines, texts: lines.map(({ line }) => line) };
}

describe('of what Nx prints', () => {
  it('the lines of tasks are passed on, without colours', () => {
    expect(read(ALL).texts).toEqual([
      '> nx run base:build  [local cache]',
      '> nx run lib:build',
      'lib: Compiling TypeScript files for project "lib"...',
      "lib: libs/lib/src/index.ts:1:14 - error TS2322: Type 'string' is not assignable to type 'number'.",
      'lib: 1 export const lib: number = "one";',
      'lib:',
    ]);
  });

  it('whose they are is told', () => {
    const { lines } = read(ALL);
    expect(lines.map(({ project }) => project)).toEqual([
      'base',
      ...Array<string>(5).fill('lib'),
    ]);
  });

  it('the tasks that failed are found, and no others', () => {
    const { output } = read(ALL);
    expect(output.failed).toEqual(['lib:build']);
  });

  it('the last lines are those of the project', () => {
    const { output } = read({ ...ALL, stdout: `web: mine\n${RAN}` });
    expect(output.tailOf('web').toString()).toBe(' Its last lines:\n    mine');
    expect(output.tailOf('lib').toString()).toMatch(
      /^ Its last lines:\n {4}Compiling[^]*number = "one";$/,
    );
  });

  it('it is no matter how it comes', () => {
    const whole = read(ALL);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (size) => {
        const { output, texts } = read(ALL, size);
        expect(texts).toEqual(whole.texts);
        expect(output.failed).toEqual(['lib:build']);
      }),
      { numRuns: 30 },
    );
  });

  it('what is no line of a task is passed on, if it is not of the run as a whole', () => {
    const stdout =
      'a plugin says so\n NX   The workspace is out of sync\n\nRun nx sync\n NX   Successfully ran target build for project web\n\n  Run duration: 1s\n';
    expect(read({ stdout, stderr: 'oops' }).texts).toEqual([
      'a plugin says so',
      ' NX   The workspace is out of sync',
      'Run nx sync',
      'oops',
    ]);
  });

  it('a task is no failed one for saying so', () => {
    const stdout = 'web: Failed tasks:\nweb: - lib:build\n';
    expect(read({ stdout }).output.failed).toEqual([]);
  });

  it('lines of one stream are no part of the other', () => {
    const lines: NxLine[] = [];
    const output = new NxOutput(['lib'], (line) => lines.push(line));
    output.push('stdout', '> nx run lib:build  [local cache]\nli');
    output.push('stderr', 'lib: no such file\noops\n');
    output.push('stdout', 'b: one\n');
    expect(lines).toEqual([
      expect.objectContaining({ line: '> nx run lib:build  [local cache]' }),
      { stream: 'stderr', line: 'lib: no such file', project: 'lib' },
      { stream: 'stderr', line: 'oops' },
      { stream: 'stdout', line: 'lib: one', project: 'lib' },
    ]);
  });
});
