import { canWatch, startWatchdog, type Watchdog } from './watchdog';

/** Has watchdogs at hand: to start one takes longer than all else of a start. */
export interface Watchdogs {
  /** @param path as startWatchdog @throws as startWatchdog */
  take(path: string): Promise<Watchdog>;
  /** A command has ended: time to make ready for the next one. */
  rest(): void;
  close(): void;
}

/**
 * One watchdog that stands ready, for a process that runs command after command.
 * It ends with the process, as all do.
 * @param path the PATH to find `sleep` on
 */
export function spareWatchdog(path: string): Watchdogs {
  let spare: Promise<Watchdog> | undefined;
  let isClosed = false;
  const dismiss = (watchdog: Watchdog) => watchdog.dismiss();
  // Whoever needs one tries again, and tells.
  const ignore = () => undefined;
  return {
    async take(pathOfCommand) {
      const ready = spare;
      spare = undefined;
      const found = await ready?.catch(ignore);
      return found ?? startWatchdog(pathOfCommand);
    },
    rest() {
      if (isClosed || spare || !canWatch(process.platform)) return;
      spare = startWatchdog(path);
      spare.catch(ignore);
    },
    close() {
      isClosed = true;
      void spare?.then(dismiss, ignore);
      spare = undefined;
    },
  };
}
