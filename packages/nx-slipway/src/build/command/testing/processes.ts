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

/** proc(5): parent, group and session of a process. @throws if it is gone */
export function familyOf(pid: number | string) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [parent, group, session] = fields.slice(1).map(Number);
  return { parent, group, session };
}

/**
 * Those that see that PATH: each test has one of its own.
 * @param question that is true of them, too
 */
export function watchdogsOf(
  path: string,
  question: (pid: string) => boolean = () => true,
): number[] {
  const read = (pid: string, file: string) =>
    readFileSync(`/proc/${pid}/${file}`, 'utf8');
  return processes(
    (pid) =>
      read(pid, 'cmdline').split('\0').includes('nx-slipway-watchdog') &&
      read(pid, 'environ').includes(path) &&
      question(pid),
  );
}
