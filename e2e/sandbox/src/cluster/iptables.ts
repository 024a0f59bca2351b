import { run, succeeds } from '../system/run';

const OURS = /^(KUBE|CNI)-/;

/**
 * What to give to `iptables-restore --noflush` to take the chains of
 * kube-proxy and of CNI's portmap, and the jumps into them, out of what
 * `iptables-save` printed. Empty when there are none.
 */
export function removalOf(saved: string): string {
  const out: string[] = [];
  for (const table of saved.split(/^(?=\*)/m)) {
    const lines = table.split('\n');
    const head = lines.find((line) => line.startsWith('*'));
    const chains = lines.flatMap((line) => {
      const name = /^:(\S+)/.exec(line)?.[1];
      return name !== undefined && OURS.test(name) ? [name] : [];
    });
    if (head === undefined || chains.length === 0) continue;
    const jumps = lines.filter((line) => {
      const [, from = '', target = ''] =
        /^-A (\S+) .*-[jg] (\S+)/.exec(line) ?? [];
      return !OURS.test(from) && OURS.test(target);
    });
    out.push(
      head,
      ...jumps.map((line) => line.replace(/^-A/, '-D')),
      ...chains.map((chain) => `-F ${chain}`),
      ...chains.map((chain) => `-X ${chain}`),
      'COMMIT',
    );
  }
  return out.length === 0 ? '' : `${out.join('\n')}\n`;
}

/** Its rules outlive kube-proxy, and so do those of a killed pod's ports. */
export async function removeRules(): Promise<void> {
  for (const family of ['iptables', 'ip6tables'] as const) {
    // A kernel without this family, or a machine without the program.
    if (!(await succeeds([`${family}-save`]))) continue;
    const input = removalOf(await run([`${family}-save`]));
    if (input !== '') await run([`${family}-restore`, '--noflush'], { input });
  }
}
