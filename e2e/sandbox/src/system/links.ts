import { run } from './run';

interface Link {
  readonly ifname: string;
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
  isOurs: (link: Link) => boolean,
): Promise<void> {
  for (const link of (await listLinks()).filter(isOurs)) {
    await run(['ip', 'link', 'delete', link.ifname]);
  }
}
