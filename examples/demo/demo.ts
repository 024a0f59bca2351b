import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Sandbox, sandboxEnv } from '@nx-slipway/sandbox';
import { type ClusterOptions, deploy, fetchPage } from './cluster';
import { DemoError } from './error';
import type { Narrator } from './narrator';
import { ensureNodeImage, koBaseImage } from './base-images';
import { type Built, buildImages, nxEnv, type NxOptions } from './nx';
import type { Places } from './places';
import { installShop } from './plugin';
import { run } from './run';
import { copyShop } from './workspace';

export interface DemoSetting {
  readonly sandbox: Sandbox;
  readonly cluster: NonNullable<Sandbox['cluster']>;
  readonly places: Places;
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
}

/** The one file that the demo changes, and how. */
const CHANGED = 'apps/frontend/src/page.mjs';
const BEFORE = 'Everything a boat needs.';
const AFTER = 'Everything a boat needs, and a cat.';

/** The whole story, from a sandbox that is up. */
export async function demo(setting: DemoSetting): Promise<void> {
  const { narrator, places, sandbox, signal } = setting;
  const { shop } = places;
  const env = {
    ...sandboxEnv(sandbox),
    ...nxEnv(shop),
    KO_DEFAULTBASEIMAGE: await koBaseImage(sandbox.registry.host),
  };
  const quiet = { env, signal, onLine: narrator.quote };
  const nx: NxOptions = { ...quiet, shop };
  const cluster: ClusterOptions = { ...quiet, ...setting.cluster };

  narrator.chapter('The shop: three services in three languages');
  const installation = await installShop(places, narrator, signal);
  await copyShop(places, installation, sandbox, signal);
  // A Docker that the user named can pull, and is not ours to fill.
  const isOurs = sandbox.dockerHost.startsWith('unix:///run/nx-slipway/');
  await ensureNodeImage({ isOurs, env }, narrator, signal);
  narrator.say(`   It works in a copy, ${shop}, and never in your clone.`);

  narrator.chapter('Build the images: nx run-many -t custom-build');
  const first = await narrator.step('build', () => buildImages(nx));
  sayImages(first, narrator);

  narrator.chapter('Run them in the cluster');
  await narrator.step('kubectl apply, rollout', () =>
    deploy(shop, first, cluster),
  );
  await showPage(BEFORE, cluster, narrator);

  narrator.chapter(`Change one file, ${CHANGED}, and build again`);
  await changeFile(shop);
  const git = ['diff', '--unified=0', '--no-color', '--no-ext-diff', CHANGED];
  (await run('git', git, { cwd: shop, signal }))
    .split('\n')
    .filter((line) => /^[-+][^-+]/.test(line))
    .forEach(narrator.quote);
  const second = await narrator.step('build', () => buildImages(nx));
  sayImages(second, narrator);
  assertOneRebuilt(first, second);
  narrator.say('   One image is new. Two are cache hits, with the same refs.');
  await narrator.step('kubectl apply, rollout', () =>
    deploy(shop, second, cluster),
  );
  await showPage(AFTER, cluster, narrator);
}

function sayImages(images: readonly Built[], narrator: Narrator): void {
  for (const { project, cached, deployRef } of images) {
    const how = cached ? 'cache hit' : 'built';
    narrator.say(`   ${project.padEnd(9)} ${how.padEnd(10)} ${deployRef}`);
  }
}

async function showPage(
  expected: string,
  cluster: ClusterOptions,
  narrator: Narrator,
): Promise<void> {
  const page = await fetchPage('frontend', expected, cluster);
  narrator.say('   The page, as a pod serves it:');
  page.trimEnd().split('\n').forEach(narrator.quote);
}

async function changeFile(shop: string): Promise<void> {
  const file = join(shop, CHANGED);
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(BEFORE, AFTER));
}

/** What the demo claims is checked: it does not end with 0 otherwise. */
function assertOneRebuilt(first: readonly Built[], second: readonly Built[]) {
  const changed = second.filter(
    ({ deployRef, cached }, i) => !cached || deployRef !== first[i]?.deployRef,
  );
  const [only, ...others] = changed;
  if (only?.project === 'frontend' && !only.cached && others.length === 0) {
    return;
  }
  throw new DemoError(
    'DEMO_E_CACHE',
    `frontend alone should have been built again, not ${changed.map(({ project }) => project).join(', ') || 'nothing'}.`,
  );
}
