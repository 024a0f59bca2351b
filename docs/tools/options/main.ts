import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allPages, REPOSITORY } from '../page';
import { fillTables } from './fill';

/** `npx nx run docs:options`: writes the tables that are stale. */
for (const { path } of allPages()) {
  const file = join(REPOSITORY, path);
  const text = readFileSync(file, 'utf8');
  try {
    const filled = fillTables(text);
    if (filled === text) continue;
    writeFileSync(file, filled);
    process.stdout.write(`${path}\n`);
  } catch (error) {
    process.stderr.write(`${path}, ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
