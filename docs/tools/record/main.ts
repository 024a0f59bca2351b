import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheFolder, ensureSandbox, sandboxEnv } from '@nx-slipway/sandbox';
import {
  ensureNodeImage,
  koBaseImage,
} from '../../../examples/demo/base-images';
import type { ClusterOptions } from '../../../examples/demo/cluster';
import { lineNarrator } from '../../../examples/demo/narrator';
import { nxDeploy, nxEnv } from '../../../examples/demo/nx';
import { installShop } from '../../../examples/demo/plugin';
import { copyShop } from '../../../examples/demo/workspace';
import { REPOSITORY } from '../page';
import { film } from './film';
import { COLUMNS, svgOf } from './svg';
import { tidied } from './tidy';

const PICTURE = join(REPOSITORY, 'docs/images/loop.svg');
const TITLE =
  'nx serve shop: a saved source is built and rolled out, a saved stylesheet is put into the running container';

/** `npx nx run docs:record`: runs the loop of the shop, and draws it. */
async function main(): Promise<void> {
  const { signal } = new AbortController();
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const narrator = lineNarrator(print, () => performance.now());
  const sandbox = await ensureSandbox();
  if (!sandbox.cluster) throw new Error('The sandbox has no cluster.');
  const { host, hostFromCluster } = sandbox.registry;
  const caches = cacheFolder(process.env, homedir());
  await mkdir(caches, { recursive: true });
  const base = await mkdtemp(join(caches, 'record-'));
  const places = {
    source: join(REPOSITORY, 'examples/shop'),
    base,
    shop: join(base, 'shop'),
  };
  try {
    const installation = await installShop(places, narrator, signal);
    await copyShop(places, installation, sandbox, signal);
    const env = {
      ...sandboxEnv(sandbox),
      ...nxEnv(places.shop),
      KO_DEFAULTBASEIMAGE: await koBaseImage(host),
    };
    await ensureNodeImage({ isOurs: true, env }, narrator, signal);
    // Whoever comes in the morning has built and deployed before.
    const nx = { env, signal, onLine: narrator.quote, shop: places.shop };
    await narrator.step('deploy', () => nxDeploy('deploy', [], nx));
    const cluster: ClusterOptions = { env, signal, ...sandbox.cluster };
    const shown = await narrator.step('nx serve shop', () =>
      film(places.shop, cluster),
    );
    const lines = tidied(shown, COLUMNS, [
      [hostFromCluster, 'localhost:5000'],
      [host, 'localhost:5000'],
      [sandbox.cluster.context, 'kind-dev'],
    ]);
    await mkdir(dirname(PICTURE), { recursive: true });
    await writeFile(PICTURE, svgOf(lines, TITLE));
    lines.forEach(({ at, text }) => print(`${String(at).padStart(6)} ${text}`));
  } finally {
    await rm(base, { recursive: true, force: true, maxRetries: 10 });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
