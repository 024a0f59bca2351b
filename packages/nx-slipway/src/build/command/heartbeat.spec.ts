import fc from 'fast-check';
import { manualClock } from '../../testing/manual-clock';
import { startHeartbeat } from './heartbeat';

function start() {
  const clock = manualClock();
  const lines: string[] = [];
  const heartbeat = startHeartbeat('make', (line) => lines.push(line), clock);
  return { clock, lines, heartbeat };
}

describe('a command that prints nothing', () => {
  it('is said to run after 10 s, then after twice as long each time', () => {
    const { clock, lines } = start();
    clock.advance(9_999);
    expect(lines).toEqual([]);
    clock.advance(70_001);
    expect(lines).toEqual([
      'still running after 10s, no output for 10s: make',
      'still running after 20s, no output for 20s: make',
      'still running after 40s, no output for 40s: make',
      'still running after 1m20s, no output for 1m20s: make',
    ]);
  });

  it('begins anew when it prints something', () => {
    const { clock, lines, heartbeat } = start();
    clock.advance(25_000);
    heartbeat.heard();
    clock.advance(10_000);
    expect(lines.slice(2)).toEqual([
      'still running after 35s, no output for 10s: make',
    ]);
  });

  it('is no longer spoken of when it is over', () => {
    const { clock, lines, heartbeat } = start();
    clock.advance(15_000);
    heartbeat.stop();
    expect(clock.timers).toBe(0);
    clock.advance(100_000);
    expect(lines).toHaveLength(1);
  });
});

it('says nothing of a command that prints every 10 s', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9_999 }), { maxLength: 50 }),
      (pauses) => {
        const { clock, lines, heartbeat } = start();
        for (const pause of pauses) {
          clock.advance(pause);
          heartbeat.heard();
        }
        expect(lines).toEqual([]);
        expect(clock.timers).toBe(1);
      },
    ),
  );
});
