import { canWatch, startWatchdog, type Watchdog } from './watchdog';

/** What a watchdog does for one command. */
export interface Guard {
  /** From now on this is the group that it ends. */
  guard(group: number): void;
  /** The command is over. */
  dismiss(): void;
}

/** Guards commands, for a process that runs one after the other. */
export interface Watchdogs {
  /** @throws if there is no watchdog, and none can be started */
  take(): Promise<Guard>;
  close(): void;
}

/**
 * One watchdog for all commands of a process: to start one takes longer than all
 * else of the start of a command. It is begun at once, and again when somebody
 * has ended it.
 * @param path the PATH to find `sleep` on
 */
export function sharedWatchdog(path: string): Watchdogs {
  let shared: Promise<Watchdog> | undefined;
  // Who needs one tries again, and tells.
  if (canWatch(process.platform)) watchdog().catch(() => undefined);
  return {
    async take() {
      const all = await watchdog();
      let guarded: number | undefined;
      return {
        guard: (group) => all.guard((guarded = group)),
        dismiss: () => {
          if (guarded !== undefined) all.free(guarded);
        },
      };
    },
    close: () =>
      void shared?.then(
        (each) => each.dismiss(),
        () => undefined,
      ),
  };

  function watchdog(): Promise<Watchdog> {
    if (shared) return shared;
    const started = startWatchdog(path, gone);
    started.catch(gone);
    shared = started;
    return started;

    function gone() {
      if (shared === started) shared = undefined;
    }
  }
}
