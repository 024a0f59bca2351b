import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { holderOf } from './port-holder';

const LISTEN = `
  const server = require('node:net').createServer();
  server.listen(0, process.argv[1], () => console.log(server.address().port));
`;

/** The kernel's table is read in parts: while others come and go, it may lack one. */
async function found(port: number): Promise<string | undefined> {
  for (let tries = 0; tries < 100; tries += 1) {
    const holder = await holderOf(port);
    if (holder !== undefined) return holder;
    await sleep(50);
  }
  return undefined;
}

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux.each(['127.0.0.1', '::1', '0.0.0.0'])(
  'says who listens at a port of %s, while it does',
  async (host) => {
    const child = spawn(process.execPath, ['-e', LISTEN, host]);
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    expect(await found(Number(port))).toBe(`node (pid ${child.pid})`);
    child.kill();
    await once(child, 'exit');
    expect(await holderOf(Number(port))).toBeUndefined();
  },
);
