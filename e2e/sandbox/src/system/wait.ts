import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until yes; false after `timeout` milliseconds of no. */
export async function waitUntil(
  ask: () => Promise<boolean>,
  timeout: number,
  pause = 25,
): Promise<boolean> {
  const end = Date.now() + timeout;
  for (;;) {
    if (await ask()) return true;
    if (Date.now() >= end) return false;
    await sleep(pause);
  }
}
