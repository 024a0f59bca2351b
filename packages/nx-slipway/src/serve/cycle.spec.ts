import { Cycle } from './cycle';
import type { ServeEvent } from './events';

function cycle() {
  const events: ServeEvent[] = [];
  let time = 100;
  const made = new Cycle({
    subject: { image: 'web' },
    at: 100,
    now: () => time,
    emit: (event) => events.push(event),
  });
  return { made, events, pass: (ms: number) => (time += ms) };
}

describe('a cycle', () => {
  it('tells of its phases as they pass, and of all at its end', async () => {
    const { made, events, pass } = cycle();
    made.passed('detect', 8);
    pass(8);
    await made.measure('build', () => Promise.resolve(pass(310)));
    made.passed('push', 10);
    made.passed('push', 32);
    pass(42);
    made.ref = 'web:nx-1';
    made.end('ready');
    expect(events).toEqual([
      { type: 'phase', image: 'web', phase: 'detect', ms: 8 },
      { type: 'phase', image: 'web', phase: 'build' },
      { type: 'phase', image: 'web', phase: 'build', ms: 310 },
      { type: 'phase', image: 'web', phase: 'push', ms: 10 },
      { type: 'phase', image: 'web', phase: 'push', ms: 32 },
      {
        type: 'cycle',
        image: 'web',
        result: 'ready',
        ms: 360,
        ref: 'web:nx-1',
        phases: [
          { name: 'detect', ms: 8 },
          { name: 'build', ms: 310 },
          { name: 'push', ms: 42 },
        ],
      },
    ]);
  });

  it('counts no waiting as finding out what is to be done', () => {
    const { made, events, pass } = cycle();
    pass(500);
    made.waited(400);
    made.passed('prepare', 60);
    made.detected();
    expect(events.at(-1)).toMatchObject({ phase: 'detect', ms: 40 });
  });

  it('ends once', () => {
    const { made, events } = cycle();
    made.end('superseded');
    made.end('ready');
    made.passed('ready', 5);
    expect(events).toMatchObject([{ type: 'cycle', result: 'superseded' }]);
  });
});
