import { startWatchdog } from '../build/command/watchdog';

/** A process that guards the group in its argument until it is killed. */
void startWatchdog(process.env.PATH ?? '').then((watchdog) => {
  watchdog.guard(Number(process.argv[2]));
  process.stdout.write('on guard\n');
  setInterval(() => undefined, 60_000);
});
