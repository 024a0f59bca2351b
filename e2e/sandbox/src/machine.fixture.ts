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

const lines = (text: string) => text.split('\n').filter(Boolean);

/** What there is of one sandbox on the machine, by any trace of it. */
export async function tracesOf(layout: Layout) {
  const { id, data, run: folder, links } = layout;
  const traces = [id, `${data}/`, `${folder}/`];
  const isOurs = (line: string) => traces.some((trace) => line.includes(trace));
  const processes = await run(['ps', '-eo', 'stat=,args=']);
  const mounts = (await readText('/proc/self/mountinfo')) ?? '';
  const cgroups = await run(['find', '/sys/fs/cgroup', '-name', id]);
  const names: string[] = Object.values(links);
  return {
    // What has ended and waits for the machine's init is no process.
    processes: lines(processes).filter((l) => !l.startsWith('Z') && isOurs(l)),
    mounts: lines(mounts).filter(isOurs),
    cgroups: lines(cgroups),
    links: (await listLinks())
      .filter(({ ifname, master }) =>
        [ifname, master].some((name) => name && names.includes(name)),
      )
      .map((link) => link.ifname),
  };
}

export const NO_TRACE = { processes: [], mounts: [], cgroups: [], links: [] };

/** The networks that somebody made in some Docker. */
export async function dockerNetworks(): Promise<string[]> {
  const names = (await listLinks()).map((link) => link.ifname);
  return names.filter((name) => name.startsWith('br-'));
}

export const allRules = async () => [
  ...(await rulesOf('iptables')),
  ...(await rulesOf('ip6tables')),
];
