import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of this package; part of every input hash. */
export function pluginVersion(): string {
  const path = join(__dirname, '..', '..', 'package.json');
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as {
    version: string;
  };
  return version;
}
