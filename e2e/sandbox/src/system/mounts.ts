import { readText } from './files';
import { run, succeeds } from './run';

/** Mount points at or under `folder`, the deepest first. */
export function mountsUnder(mountinfo: string, folder: string): string[] {
  return mountinfo
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .map((path) =>
      // proc(5): blanks, tabs, newlines and backslashes are octal.
      path.replace(/\\([0-7]{3})/g, (_, octal: string) =>
        String.fromCharCode(parseInt(octal, 8)),
      ),
    )
    .filter((path) => path === folder || path.startsWith(`${folder}/`))
    .reverse();
}

export async function unmountAllUnder(folder: string): Promise<void> {
  const mountinfo = (await readText('/proc/self/mountinfo')) ?? '';
  for (const path of mountsUnder(mountinfo, folder)) {
    if (await succeeds(['umount', path])) continue;
    await run(['umount', '--lazy', path]);
  }
}
