import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Sandbox, sandboxEnv } from '@nx-slipway/sandbox';
import { type ClusterOptions, fetchPage, PRODUCTION } from './cluster';
import { DemoError } from './error';
import type { Narrator } from './narrator';
import { ensureNodeImage, koBaseImage } from './base-images';
import {
  type Deployed,
  nxAffected,
  nxDeploy,
  nxEnv,
  type NxOptions,
} from './nx';
import type { Places } from './places';
import { installShop } from './plugin';
import { type RunningServe, underServe } from './serve';
import { run } from './run';
import { copyShop } from './workspace';

export interface DemoSetting {
  readonly sandbox: Sandbox;
  readonly cluster: NonNullable<Sandbox['cluster']>;
  readonly places: Places;
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
}

/** The file that the demo changes, and how. */
const CHANGED = 'apps/frontend/src/page.mjs';
const BEFORE = 'Everything a boat needs.';
const ONE_CHANGED = 'Deployment/frontend changed';
/** Of the targets, the one project that the change affects. */
const AFFECTED = { 'custom-build': 'frontend', deploy: 'shop' };
const AFTER = 'Everything a boat needs, and a cat.';
const SAVED = 'Everything a boat needs, a cat, and a parrot.';
/** A file that a live update takes, and what it says one after the other. */
const LIVE = 'apps/frontend/public/shop.css';
const COLORS = ['navy', 'teal', 'crimson', 'indigo'];
/** Between saves, as a person makes them. Milliseconds. */
const PAUSE_MS = 1000;
/** What serve says of a file in the container, and of how long that took. */
const IN_CONTAINER = /^(?:\S+: )?frontend {2}(\S+) .* 1 file in 1 container$/;

/** The whole story, from a sandbox that is up. */
export async function demo(setting: DemoSetting): Promise<void> {
  const { narrator, places, sandbox, signal } = setting;
  const { shop } = places;
  const env = {
    ...sandboxEnv(sandbox),
    ...nxEnv(shop),
    KO_DEFAULTBASEIMAGE: await koBaseImage(sandbox.registry.host),
  };
  const nx: NxOptions = { env, signal, onLine: narrator.quote, shop };
  const cluster: ClusterOptions = { env, signal, ...setting.cluster };

  narrator.chapter('The shop: three services in three languages');
  const installation = await installShop(places, narrator, signal);
  await copyShop(places, installation, sandbox, signal);
  // A Docker that the user named can pull, and is not ours to fill.
  const isOurs = sandbox.dockerHost.startsWith('unix:///run/nx-slipway/');
  await ensureNodeImage({ isOurs, env }, narrator, signal);
  narrator.say(`   It works in a copy, ${shop}, and never in your clone.`);

  narrator.chapter('Build and deploy: nx run shop:deploy');
  const first = await narrator.step('deploy', () => nxDeploy('deploy', [], nx));
  sayImages(first, narrator);
  await showPage(BEFORE, cluster, narrator);

  narrator.chapter(`Change one file, ${CHANGED}`);
  await changeFile(join(shop, CHANGED), BEFORE, AFTER);
  const git = ['diff', '--unified=0', '--no-color', '--no-ext-diff', CHANGED];
  (await run('git', git, { cwd: shop, signal }))
    .split('\n')
    .filter((line) => /^[-+][^-+]/.test(line))
    .forEach(narrator.quote);
  await showAffected(nx, narrator);
  narrator.say('   What would be done: nx run shop:deploy --dry-run');
  await narrator.step('plan', () => nxDeploy('deploy', ['--dry-run'], nx));
  narrator.say('   And now in earnest:');
  const second = await narrator.step('deploy', () =>
    nxDeploy('deploy', [], nx),
  );
  sayImages(second, narrator);
  assertOneChanged(first, second);
  narrator.say('   One image is new, and one object changed. All else stayed.');
  await showPage(AFTER, cluster, narrator);

  narrator.chapter('The dev loop: nx serve shop');
  await underServe(nx, async (serve) => {
    await narrator.step('start', serve.upToDate);
    narrator.say(`   Save ${CHANGED}:`);
    await changeFile(join(shop, CHANGED), AFTER, SAVED);
    await narrator.step('save', serve.upToDate);
    await showPage(SAVED, cluster, narrator);
    await showLiveUpdates(serve, { shop, cluster, narrator });
  });
  narrator.say('   Ctrl-C: serve ends, and the cluster stays as it is.');

  narrator.chapter('Another environment: nx run shop:deploy:production');
  narrator.say(`   Another overlay, in the namespace ${PRODUCTION}.`);
  const production = await narrator.step('deploy', () =>
    nxDeploy('deploy:production', [], nx),
  );
  sayImages(production, narrator);
}

/** Nobody wrote down that the shop's manifests use the frontend's image. */
async function showAffected(nx: NxOptions, narrator: Narrator): Promise<void> {
  narrator.say('   What nx affected would run:');
  for (const [target, project] of Object.entries(AFFECTED)) {
    const names = await nxAffected(target, nx);
    narrator.say(`   nx affected -t ${target.padEnd(12)} ${names.join(', ')}`);
    if (names.join() === project) continue;
    throw new DemoError(
      'DEMO_E_CACHE',
      `${project}:${target} alone should be affected, not ${names.join(', ') || 'nothing'}.`,
    );
  }
}

function sayImages({ images }: Deployed, narrator: Narrator): void {
  for (const { name, cached, ref } of images) {
    const how = cached ? 'cache hit' : 'built';
    narrator.say(`   ${name.padEnd(9)} ${how.padEnd(10)} ${ref}`);
  }
}

/** Saves that need no image. */
async function showLiveUpdates(
  { upToDate }: RunningServe,
  { shop, cluster, narrator }: Pick<NxOptions, 'shop'> & Showing,
): Promise<void> {
  narrator.say(`   Save ${LIVE}, which liveUpdate takes, three times:`);
  for (const [index, color] of COLORS.slice(1).entries()) {
    await delay(PAUSE_MS);
    const said = upToDate();
    await changeFile(join(shop, LIVE), COLORS[index] ?? '', color);
    const lines = await said;
    const [time] = lines.flatMap((line) => IN_CONTAINER.exec(line)?.[1] ?? []);
    if (time === undefined) {
      throw new DemoError(
        'DEMO_E_LIVE',
        `${LIVE} was not synced: ${lines.join('\n')}`,
      );
    }
    narrator.say(`   A file in the container after ${time}.`);
  }
  const [expected = ''] = COLORS.slice(-1);
  const file = basename(LIVE);
  const sheet = await fetchPage('frontend', file, expected, cluster);
  narrator.say(`   ${file}, as the same pod serves it; no image was built:`);
  sheet.trimEnd().split('\n').forEach(narrator.quote);
}

interface Showing {
  readonly cluster: ClusterOptions;
  readonly narrator: Narrator;
}

async function showPage(
  expected: string,
  cluster: ClusterOptions,
  narrator: Narrator,
): Promise<void> {
  const page = await fetchPage('frontend', '', expected, cluster);
  narrator.say('   The page, as a pod serves it:');
  page.trimEnd().split('\n').forEach(narrator.quote);
}

async function changeFile(
  file: string,
  from: string,
  to: string,
): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(from, to));
}

/** What the demo claims is checked: it does not end with 0 otherwise. */
function assertOneChanged(first: Deployed, second: Deployed): void {
  const images = second.images
    .filter(({ ref }) => !first.images.some((image) => image.ref === ref))
    .map(({ name }) => name);
  const objects = second.objects
    .filter(({ action }) => action !== 'unchanged')
    .map(({ kind, name, action }) => `${kind}/${name} ${action}`);
  if (images.join() === 'frontend' && objects.join() === ONE_CHANGED) return;
  throw new DemoError(
    'DEMO_E_CACHE',
    `frontend alone should be another, not the images ${images.join(', ') || '(none)'} and the objects ${objects.join(', ') || '(none)'}.`,
  );
}
