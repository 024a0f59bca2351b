import * as devkit from '@nx/devkit';

/**
 * Tells Nx that what depends on a task may start, where it listens: since
 * version 24, and once.
 */
export function readySignal(): () => void {
  let isTold = false;
  return () => {
    if (isTold) return;
    isTold = true;
    const { emitReadySignal } = devkit as {
      readonly emitReadySignal?: () => void;
    };
    emitReadySignal?.();
  };
}
