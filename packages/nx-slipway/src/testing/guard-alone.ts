import { startWatchdog } from '../build/command/watchdog';

/** Groups that are guarded, and of those the ones that are free again. */
export interface Guarded {
  readonly guard: readonly number[];
  readonly free?: readonly number[];
  readonly mark?: string;
}

/** A process that guards the groups in its argument until it is killed. */
void startWatchdog(process.env.PATH ?? '').then((watchdog) => {
  const given = JSON.parse(process.argv[2] ?? '') as Guarded;
  const { guard, free = [], mark } = given;
  if (mark !== undefined) watchdog.mark(mark);
  for (const group of guard) watchdog.guard(group);
  for (const group of free) watchdog.free(group);
  process.stdout.write('on guard\n');
  setInterval(() => undefined, 60_000);
});
