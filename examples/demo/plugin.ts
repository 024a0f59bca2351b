import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { Narrator } from './narrator';
import { REPOSITORY, type Places } from './places';
import { run } from './run';

/** A folder with the shop's node_modules, package.json and lock file. */
export interface Installation {
  readonly folder: string;
}

/** Builds the plugin of this clone and packs it as npm would publish it. */
async function pack(places: Places, signal: AbortSignal): Promise<string> {
  const nx = join(REPOSITORY, 'node_modules', '.bin', 'nx');
  const env = { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' };
  await run(nx, ['build', 'nx-slipway'], { cwd: REPOSITORY, env, signal });
  const built = join(REPOSITORY, 'dist', 'packages', 'nx-slipway');
  const args = ['pack', '--silent', '--pack-destination', places.base];
  const name = await run('npm', args, { cwd: built, signal });
  return join(places.base, name.trim());
}

const short = (...parts: (string | Buffer)[]) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 12);
};

/** The shop's package.json, with the packed plugin for the published one. */
async function manifestWith(places: Places, tarball: string): Promise<string> {
  const text = await readFile(join(places.source, 'package.json'), 'utf8');
  const manifest = JSON.parse(text) as {
    devDependencies: Record<string, string>;
  };
  manifest.devDependencies['nx-slipway'] = `file:${tarball}`;
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/**
 * What the shop's package.json asks for, with the plugin of this clone: made
 * once for each state of the two, whole or not at all. The folder's name tells
 * which state, so that a kill in the middle leaves nothing to be mistaken.
 */
export async function installShop(
  places: Places,
  narrator: Narrator,
  signal: AbortSignal,
): Promise<Installation> {
  await mkdir(places.base, { recursive: true });
  const packed = await narrator.step('building and packing nx-slipway', () =>
    pack(places, signal),
  );
  // npm refuses other bytes under a name that its lock file knows.
  const tarball = join(
    places.base,
    `nx-slipway-${short(await readFile(packed))}.tgz`,
  );
  await rename(packed, tarball);
  const manifest = await manifestWith(places, tarball);
  const folder = join(places.base, `install-${short(manifest)}`);
  if (existsSync(folder)) return { folder };
  await dropOthers(places, tarball);
  await narrator.step('npm install: nx and the packed plugin', async () => {
    const temporary = await mkdtemp(join(places.base, 'install-'));
    await writeFile(join(temporary, 'package.json'), manifest);
    const args = ['install', '--prefer-offline', '--no-audit', '--no-fund'];
    await run('npm', args, { cwd: temporary, signal });
    await rename(temporary, folder);
  });
  return { folder };
}

/** Earlier states, and what a killed run left, whose npm may still write. */
async function dropOthers(places: Places, tarball: string): Promise<void> {
  const names = await readdir(places.base);
  const old = names
    .filter((name) => /^(install-|nx-slipway-)/.test(name))
    .map((name) => join(places.base, name))
    .filter((path) => path !== tarball);
  await Promise.all(
    old.map((path) =>
      rm(path, { recursive: true, force: true, maxRetries: 10 }),
    ),
  );
}
