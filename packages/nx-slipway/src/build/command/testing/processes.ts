import { readFileSync, readdirSync } from 'node:fs';

/** The processes that a question is true of. */
export function processes(question: (pid: string) => boolean): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return question(pid);
      } catch {
        // It ended since it was listed.
        return false;
      }
    })
    .map(Number);
}

/** @returns undefined if it is gone */
export function parentOf(pid: number): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^PPid:\s*(\d+)$/m.exec(status)?.[1]);
  } catch {
    return undefined;
  }
}

/** Those that see that PATH: each test has one of its own. */
export function watchdogsOf(path: string): number[] {
  const read = (pid: string, file: string) =>
    readFileSync(`/proc/${pid}/${file}`, 'utf8');
  return processes(
    (pid) =>
      read(pid, 'cmdline').split('\0').includes('nx-slipway-watchdog') &&
      read(pid, 'environ').includes(path),
  );
}
