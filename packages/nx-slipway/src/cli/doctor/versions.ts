import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { PackageInfo } from '../../tool';
import { fail, ok, skip, warn, type Finding } from './finding';

/** @param version of Node, as `process.versions.node` has it */
export function checkNode(version: string, { engines }: PackageInfo): Finding {
  const range = engines.node ?? '';
  return isIn(version, range)
    ? ok(`${version} (${range})`)
    : fail(`${version} is not ${range}.`, `Install Node ${range}.`);
}

/** The Nx that the workspace has, and not one of this package's own. */
export async function checkNx(
  root: string | undefined,
  { version, peerDependencies }: PackageInfo,
): Promise<Finding> {
  if (root === undefined) return skip('not in an Nx workspace');
  const range = peerDependencies.nx ?? '';
  const [nx, devkit] = await Promise.all([
    versionOf('nx', root),
    versionOf('@nx/devkit', root),
  ]);
  if (nx === undefined) {
    return fail(`${root} has no nx.`, 'Install the workspace: npm install.');
  }
  if (!isIn(nx, range)) {
    return fail(`nx ${nx} is not ${range}.`, `npx nx migrate to ${range}.`);
  }
  if (devkit !== nx) {
    return warn(
      `nx is ${nx}, @nx/devkit ${devkit ?? 'is not installed'}.`,
      `Install @nx/devkit ${nx}: Nx wants all of its packages at one version.`,
    );
  }
  return ok(`${nx} (${range}), nx-slipway ${version}`);
}

async function versionOf(
  name: string,
  root: string,
): Promise<string | undefined> {
  try {
    const from = createRequire(join(root, 'package.json'));
    const path = from.resolve(`${name}/package.json`);
    const info = JSON.parse(await readFile(path, 'utf8')) as PackageInfo;
    return info.version;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND' || code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Whether a version is in a range of `>=` and `<`, which is all that this
 * package writes. Of a prerelease the release counts.
 */
export function isIn(version: string, range: string): boolean {
  return range.split(' ').every((bound) => {
    const [, sign, limit = ''] = /^(>=|<)(.+)$/.exec(bound) ?? [];
    const order = compare(version, limit);
    return sign === '>=' ? order >= 0 : sign === '<' && order < 0;
  });
}

function compare(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  const at = [0, 1, 2].find((index) => left[index] !== right[index]);
  return at === undefined ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}

function numbers(version: string): number[] {
  const parts = version.split('-')[0]?.split('.') ?? [];
  return [0, 1, 2].map((index) => Number(parts[index] ?? 0));
}
