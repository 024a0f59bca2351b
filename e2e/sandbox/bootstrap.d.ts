/**
 * Waits for the machine-wide lock `name` and resolves to the function that
 * gives it back. The kernel gives it back when the holder dies.
 */
export function acquireLock(
  name: string,
  onWait?: () => void,
): Promise<() => Promise<void>>;
