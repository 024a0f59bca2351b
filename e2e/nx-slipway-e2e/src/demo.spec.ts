import { join } from 'node:path';
import { tryRun } from './support/run';

it('npm run demo tells its story to the end', async () => {
  const { exitCode, output } = await tryRun(
    'npm',
    ['run', 'demo', '--', '--yes'],
    { cwd: join(__dirname, '../../..'), env: process.env },
  );
  expect(output).toContain('One image is new, and one object changed.');
  expect(output).toMatch(/A file in the container after \d+(\.\d+)?m?s\./);
  expect(output).toContain('Look around, and stop');
  expect(exitCode).toBe(0);
});
