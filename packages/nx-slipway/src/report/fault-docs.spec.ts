import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const REPOSITORY = join(__dirname, '..', '..', '..', '..');
const UNIT = join(REPOSITORY, 'packages/nx-slipway/src');
const E2E = join(REPOSITORY, 'e2e/nx-slipway-e2e/src');

it('docs/faults.md names specs that there are', () => {
  const text = readFileSync(join(REPOSITORY, 'docs/faults.md'), 'utf8');
  const named = [...text.matchAll(/`([\w/-]+\.spec\.ts)`/g)].map(
    ([, name = '']) => name,
  );
  expect(named.length).toBeGreaterThan(0);
  const gone = named.filter((name) => {
    const path = name.startsWith('e2e/')
      ? join(E2E, name.slice('e2e/'.length))
      : join(UNIT, name);
    return !existsSync(path);
  });
  expect(gone).toEqual([]);
});
