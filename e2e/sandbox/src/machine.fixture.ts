import type { Layout } from './layout';
import { readText } from './system/files';
import { listLinks } from './system/links';
import { run, succeeds } from './system/run';

/** Lines of iptables-save that are rules, or chains that somebody made. */
function rules(saved: string): string[] {
  return saved
    .split('\n')
    .filter((line) => /^-A|^:\S+ - /.test(line))
    .map((line) => line.replace(/\[\d+:\d+\]/, ''));
}

async function rulesOf(family: 'iptables' | 'ip6tables') {
  const there = await succeeds([`${family}-save`]);
  return there ? rules(await run([`${family}-save`])) : [];
}

/** What a sandbox may not leave behind on the machine. */
export async function machineState({ id, data, run: folder }: Layout) {
  const processes = await run(['ps', '-eo', 'stat=,args=']);
  const mounts = (await readText('/proc/self/mountinfo')) ?? '';
  const cgroups = await run(['find', '/sys/fs/cgroup', '-name', id]);
  const lines = (text: string) => text.split('\n').filter(Boolean);
  return {
    processes: lines(processes).filter(
      // What has ended and waits for the machine's init is no process.
      (line) =>
        (!line.startsWith('Z') && line.includes(id)) ||
        line.includes(`${data}/`),
    ),
    mounts: lines(mounts).filter(
      (line) => line.includes(folder) || line.includes(data),
    ),
    cgroups: lines(cgroups),
    links: (await listLinks()).map((link) => link.ifname),
    rules: await rulesOf('iptables'),
    rules6: await rulesOf('ip6tables'),
  };
}
