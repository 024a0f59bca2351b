import { spawn } from 'node:child_process';
import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { writerTo } from '../../executors/writer';
import { eventually } from '../../testing/wait';
import { PatientLines } from './patient-lines';

const mark = (count: number) => `(${count})`;

/** A reader who takes as much as is asked for. */
function slowReader(max: number) {
  const stream = new PassThrough({ highWaterMark: 8 });
  let read = '';
  return {
    lines: new PatientLines(writerTo(stream), mark, max),
    stream,
    readAll() {
      stream.on('data', (chunk: Buffer) => (read += chunk.toString()));
    },
    get read() {
      return read;
    },
  };
}

describe('patient lines', () => {
  it('are written at once to who keeps up', () => {
    let text = '';
    const lines = new PatientLines((chunk) => {
      text += chunk;
      return undefined;
    }, mark);
    lines.print('a');
    lines.print('b', true);
    expect(text).toBe('a\nb\n');
  });

  it('are not left out because of a burst', async () => {
    const { lines, readAll, ...reader } = slowReader(10_000);
    const burst = Array.from({ length: 1000 }, (_, index) => `line ${index}`);
    for (const line of burst) lines.print(line, true);
    let read = '';
    reader.stream.on('data', (chunk: Buffer) => (read += chunk.toString()));
    await lines.end();
    await eventually('the last line', () => read.includes('line 999\n'));
    expect(read).toBe(`${burst.join('\n')}\n`);
  });

  it('leave spare ones out where nobody reads, and say how many', async () => {
    const reader = slowReader(20);
    reader.lines.print('12345678');
    for (let count = 0; count < 10; count++) reader.lines.print('spare', true);
    reader.lines.print('cycle');
    // Less than what had no place would have, but it would be out of turn.
    reader.lines.print('x', true);
    reader.readAll();
    await reader.lines.end();
    await eventually('the end', () => reader.read.endsWith('(1)\n'));
    expect(reader.read).toBe(
      [
        '12345678',
        ...Array<string>(4).fill('spare'),
        '(6)',
        'cycle',
        '(1)',
        '',
      ].join('\n'),
    );
  });

  it('are all told or counted, the others never left out', async () => {
    const line = fc.record({
      text: fc.constantFrom('a', 'bb', 'cccccccccc'),
      isSpare: fc.boolean(),
      thenRead: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.nat(30), async (all, max) => {
        let text = '';
        let release = (): void => undefined;
        const lines = new PatientLines(
          (chunk) => {
            text += chunk;
            return new Promise((resolve) => (release = resolve));
          },
          mark,
          max,
        );
        for (const { text, isSpare, thenRead } of all) {
          lines.print(text, isSpare);
          if (!thenRead) continue;
          release();
          await Promise.resolve().then(() => undefined);
        }
        let isOver = false;
        const end = lines.end().then(() => (isOver = true));
        while (!isOver) {
          release();
          await Promise.resolve();
        }
        await end;
        const told = text.split('\n').slice(0, -1);
        const counted = told.map((one) => Number(/\((\d+)\)/.exec(one)?.[1]));
        const left = counted.reduce((sum, n) => sum + (n || 0), 0);
        const marks = counted.filter((n) => n > 0).length;
        expect(told.length - marks + left).toBe(all.length);
        const kept = all.filter(({ isSpare }) => !isSpare).length;
        expect(told.length - marks).toBeGreaterThanOrEqual(kept);
      }),
    );
  });

  it('wait for no stream that is gone', async () => {
    const stream = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => done(new Error('EPIPE')),
    });
    stream.on('error', () => undefined);
    const lines = new PatientLines(writerTo(stream), mark);
    lines.print('a');
    lines.print('b');
    await lines.end();
  });

  it('hold little and block nothing where a pipe is never read', () => {
    const child = spawn('sleep', ['60'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    try {
      const lines = new PatientLines(writerTo(child.stdin), mark);
      const line = 'x'.repeat(10_000);
      for (let round = 0; round < 10_000; round++) lines.print(line, true);
      expect(child.stdin.writableLength).toBeLessThan(100_000);
    } finally {
      child.stdin.on('error', () => undefined);
      child.kill('SIGKILL');
    }
  });
});
