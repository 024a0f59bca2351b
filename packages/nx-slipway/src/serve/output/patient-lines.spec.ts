import { spawn } from 'node:child_process';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { writerTo } from '../../executors/writer';
import { eventually } from '../../testing/wait';
import { PatientLines } from './patient-lines';

const mark = (count: number) => `(${count})`;

/** A reader who is behind with each line until it is let go on. */
function slowReader(max: number) {
  let text = '';
  let release = (): void => undefined;
  const write = (chunk: string) => {
    text += chunk;
    return new Promise<void>((resolve) => (release = resolve));
  };
  return {
    lines: new PatientLines(write, mark, max),
    /** Catches up once; then more may be written. */
    async catchUp() {
      release();
      await new Promise(setImmediate);
    },
    get read() {
      return text.split('\n').slice(0, -1);
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
    const reader = slowReader(10_000);
    const burst = Array.from({ length: 1000 }, (_, index) => `line ${index}`);
    for (const line of burst) reader.lines.print(line, true);
    await reader.catchUp();
    expect(reader.read).toEqual(burst);
  });

  it('leave spare ones out where nobody reads, and say how many', async () => {
    const reader = slowReader(20);
    reader.lines.print('first');
    for (let count = 0; count < 10; count++) reader.lines.print('spare', true);
    reader.lines.print('cycle');
    // It would have its place, but out of turn.
    reader.lines.print('x', true);
    await reader.catchUp();
    const told = ['first', ...Array<string>(4).fill('spare'), '(6)', 'cycle'];
    expect(reader.read).toEqual(told);
    await reader.catchUp();
    await reader.catchUp();
    reader.lines.print('second');
    reader.lines.print('again', true);
    await reader.catchUp();
    expect(reader.read).toEqual([...told, '(1)', 'second', 'again']);
  });

  it('are all told or counted, the others never left out', async () => {
    const line = fc.record({
      text: fc.constantFrom('a', 'bb', 'cccccccccc'),
      isSpare: fc.boolean(),
      thenRead: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.nat(30), async (all, max) => {
        const reader = slowReader(max);
        for (const { text, isSpare, thenRead } of all) {
          reader.lines.print(text, isSpare);
          if (thenRead) await reader.catchUp();
        }
        let isOver = false;
        void reader.lines.end().then(() => (isOver = true));
        while (!isOver) await reader.catchUp();
        const marks = reader.read.flatMap((one) => {
          const [, count] = /^\((\d+)\)$/.exec(one) ?? [];
          return count === undefined ? [] : [Number(count)];
        });
        const told = reader.read.length - marks.length;
        const left = marks.reduce((sum, count) => sum + count, 0);
        expect(told + left).toBe(all.length);
        const spare = all.filter(({ isSpare }) => isSpare).length;
        expect(left).toBeLessThanOrEqual(spare);
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

  it('are few and block nothing while a process does not read its pipe', async () => {
    const child = spawn('cat', { stdio: ['pipe', 'pipe', 'inherit'] });
    try {
      child.kill('SIGSTOP');
      const lines = new PatientLines(writerTo(child.stdin), mark);
      const line = 'x'.repeat(10_000);
      for (let count = 0; count < 10_000; count++) lines.print(line, true);
      lines.print('cycle');
      let read = '';
      child.stdout.on('data', (chunk: Buffer) => (read += chunk.toString()));
      child.kill('SIGCONT');
      await lines.end();
      await eventually('the last line', () => read.endsWith('cycle\n'));
      expect(read.length).toBeLessThan(2_000_000);
      const [, left] = /\((\d+)\)\ncycle\n$/.exec(read) ?? [];
      const told = read.split('\n').filter((one) => one === line).length;
      expect(told + Number(left)).toBe(10_000);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
