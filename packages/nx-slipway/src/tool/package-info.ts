import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** This package's own package.json, as far as it is read here. */
export interface PackageInfo {
  readonly version: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export function packageInfo(): PackageInfo {
  const path = join(__dirname, '..', '..', 'package.json');
  return JSON.parse(readFileSync(path, 'utf8')) as PackageInfo;
}
