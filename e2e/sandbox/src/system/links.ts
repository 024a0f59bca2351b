import { run, succeeds } from './run';

export interface Link {
  readonly ifname: string;
  /** The bridge it is a port of. */
  readonly master?: string;
  readonly addr_info: readonly { local?: string; prefixlen?: number }[];
}

export async function listLinks(): Promise<Link[]> {
  return JSON.parse(await run(['ip', '-j', 'addr'])) as Link[];
}

/** A bridge with that address, up; left alone when it is so already. */
export async function ensureBridge(name: string, cidr: string): Promise<void> {
  const links = await listLinks();
  if (!links.some((link) => link.ifname === name)) {
    await run(['ip', 'link', 'add', name, 'type', 'bridge']);
  }
  await run(['ip', 'addr', 'replace', cidr, 'dev', name]);
  await run(['ip', 'link', 'set', name, 'up']);
}

export async function removeLinks(
  isOurs: (link: Link, all: readonly Link[]) => boolean,
): Promise<void> {
  const all = await listLinks();
  for (const { ifname } of all.filter((link) => isOurs(link, all))) {
    // One end of a pair goes with the other, and with its namespace.
    const there = ['ip', 'link', 'show', ifname] as const;
    if (await succeeds(['ip', 'link', 'delete', ifname])) continue;
    if (await succeeds([...there])) await run(['ip', 'link', 'delete', ifname]);
  }
}
