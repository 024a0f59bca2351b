import { startWatchdog } from '../build/command/watchdog';

/** Groups that are guarded, and of those the ones that are free again. */
export interface Guarded {
  readonly guard: readonly number[];
  readonly free?: readonly number[];
}

/** A process that guards the groups in its argument until it is killed. */
void startWatchdog(process.env.PATH ?? '').then((watchdog) => {
  const { guard, free = [] } = JSON.parse(process.argv[2] ?? '') as Guarded;
  for (const group of guard) watchdog.guard(group);
  for (const group of free) watchdog.free(group);
  process.stdout.write('on guard\n');
  setInterval(() => undefined, 60_000);
});
