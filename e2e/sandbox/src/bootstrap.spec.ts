import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { acquireLock } from '../bootstrap';

const BOOTSTRAP = join(__dirname, '../bootstrap.js');

describe('acquireLock', () => {
  it('lets one in at a time', async () => {
    const name = `test ${process.pid} serial`;
    const order: string[] = [];
    const hold = async (who: string) => {
      const release = await acquireLock(name);
      order.push(`${who} in`);
      await new Promise((done) => setTimeout(done, 20));
      order.push(`${who} out`);
      await release();
    };
    await Promise.all([hold('a'), hold('b')]);
    expect(order.map((entry) => entry.slice(2))).toEqual([
      'in',
      'out',
      'in',
      'out',
    ]);
  });

  it('is given back when its holder is killed', async () => {
    const name = `test ${process.pid} killed`;
    const script = `require(process.argv[1]).acquireLock(process.argv[2]).then(() => { console.log('held'); setInterval(() => {}, 1000) })`;
    const holder = spawn(process.execPath, ['-e', script, BOOTSTRAP, name], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    let waited = false;
    const acquired = acquireLock(name, () => {
      waited = true;
      holder.kill('SIGKILL');
    });
    await (
      await acquired
    )();
    expect(waited).toBe(true);
  });
});
