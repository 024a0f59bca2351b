import type { Clock } from './clock';

/** For how long nothing else may be kept waiting, in milliseconds. */
const WORK_MS = 8;

/** Lets others have their turn, once it is time. */
export function breather(clock: Clock): () => Promise<void> {
  let start = clock.now();
  return async () => {
    if (clock.now() - start < WORK_MS) return;
    await nextTurn(clock);
    start = clock.now();
  };
}

export function nextTurn(clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.turn(resolve));
}
