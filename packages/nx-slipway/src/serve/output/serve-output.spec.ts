import { PassThrough } from 'node:stream';
import { writerTo } from '../../executors/writer';
import { manualClock } from '../../testing/manual-clock';
import type { ServeEvent } from '../events';
import { serveOutput } from './serve-output';
import { EVENT_EXAMPLES } from './testing/event-examples';

const TIME = Date.UTC(2026, 0, 31);
const SECRET = 'hunter2-hunter2';

function output(format: 'people' | 'json') {
  const stream = new PassThrough();
  const clock = manualClock();
  const { onEvent, end } = serveOutput({
    format,
    isColored: false,
    buildOutput: 'auto',
    secrets: { all: [SECRET] },
    now: () => TIME,
    later: clock,
    write: writerTo(stream),
  });
  return {
    onEvent,
    async all() {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      await end();
      stream.end();
      await new Promise((resolve) => stream.once('close', resolve));
      return text.split('\n').slice(0, -1);
    },
  };
}

const [log, cycle] = [EVENT_EXAMPLES.log[0]!, EVENT_EXAMPLES.cycle[0]!];

/** More than waits for anybody. */
function overwhelm(onEvent: (event: ServeEvent) => void) {
  const line = 'x'.repeat(8000);
  for (let count = 0; count < 1000; count++) onEvent({ ...log, line });
}

describe.each(['people', 'json'] as const)('the output for %s', (format) => {
  it('shows no secret, whole or cut', async () => {
    const { onEvent, all } = output(format);
    // Where a line for people is cut.
    const line = `${'x'.repeat(8 * 1024 - 8)}${SECRET}`;
    onEvent({ ...log, line });
    expect((await all()).join()).not.toContain('hunter');
  });

  it('leaves logs out where nobody reads, and nothing else', async () => {
    const { onEvent, all } = output(format);
    overwhelm(onEvent);
    onEvent(cycle);
    overwhelm(onEvent);
    const lines = await all();
    expect(lines.join('').length).toBeLessThan(2_000_000);
    const marks = lines.filter((line) => line.includes('lines left out'));
    expect(marks).toHaveLength(2);
    const left = marks.map((line) => Number(/… (\d+)/.exec(line)?.[1]));
    const told = lines.filter((line) => line.includes('xxx')).length;
    expect(told + left[0]! + left[1]!).toBe(2000);
    expect(
      lines.filter((line) => line.includes('nx-ab04') || /0\.41s/.test(line)),
    ).toHaveLength(1);
  });
});

it('tells nothing after the end', async () => {
  const { onEvent, all } = output('json');
  onEvent({ type: 'end', reason: 'cancelled' });
  onEvent(cycle);
  expect(await all()).toHaveLength(1);
});

it('says in JSON, too, that lines are left out', async () => {
  const { onEvent, all } = output('json');
  overwhelm(onEvent);
  const last = (await all()).at(-1) ?? '';
  expect(JSON.parse(last)).toMatchObject({
    type: 'message',
    level: 'warning',
    text: expect.stringMatching(/^… \d+ lines left out$/) as string,
  });
});
