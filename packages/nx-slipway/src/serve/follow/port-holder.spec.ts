import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { holderOf } from './port-holder';

// A number would be coloured where colours are asked for.
const LISTEN = `
  const server = require('node:net').createServer();
  server.listen(0, process.argv[1], () =>
    process.stdout.write(String(server.address().port)),
  );
`;

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux.each(['127.0.0.1', '::1', '0.0.0.0'])(
  'says who listens at a port of %s, while it does',
  async (host) => {
    const child = spawn(process.execPath, ['-e', LISTEN, host]);
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    expect(await holderOf(Number(port))).toBe(`node (pid ${child.pid})`);
    child.kill();
    await once(child, 'exit');
    expect(await holderOf(Number(port))).toBeUndefined();
  },
);
