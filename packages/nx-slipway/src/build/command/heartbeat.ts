import { formatDuration } from '../../report';
import type { Clock } from './clock';

/** Milliseconds without output before the first line. */
const FIRST_MS = 10_000;

export interface Heartbeat {
  /** The command printed something: silence begins anew. */
  heard(): void;
  stop(): void;
}

/**
 * Says that a command still runs while it prints nothing: after 10 s, and
 * then each time the silence has grown to twice as long.
 * @param command for people, with no secret in it
 */
export function startHeartbeat(
  command: string,
  say: (line: string) => void,
  clock: Clock,
): Heartbeat {
  const start = clock.now();
  let heardAt = start;
  let limit = FIRST_MS;
  const arm = () => clock.after(heardAt + limit - clock.now(), wake);
  const wake = () => {
    const now = clock.now();
    if (now - heardAt >= limit) {
      say(
        `still running after ${seconds(now - start)}, no output for ${seconds(now - heardAt)}: ${command}`,
      );
      limit *= 2;
    }
    disarm = arm();
  };
  let disarm = arm();
  return {
    heard() {
      heardAt = clock.now();
      // The timer in place looks again by itself, but not after a long silence
      // as soon as it should.
      if (limit === FIRST_MS) return;
      limit = FIRST_MS;
      disarm();
      disarm = arm();
    },
    stop: () => disarm(),
  };
}

function seconds(ms: number): string {
  const whole = Math.round(ms / 1000);
  return whole < 60 ? `${whole}s` : formatDuration(whole * 1000);
}
