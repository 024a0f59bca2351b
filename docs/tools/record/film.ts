import { readFile, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { execa } from 'execa';
import { fetchPage, type ClusterOptions } from '../../../examples/demo/cluster';
import type { Shown } from './svg';

/** The shop's page, which an image is built for, and a file that needs none. */
const PAGE = 'apps/frontend/src/page.mjs';
const SHEET = 'apps/frontend/public/shop.css';
const BEFORE = 'Everything a boat needs.';
const AFTER = 'Everything a boat needs, and a cat.';
/** What serve says at the end of all that a save has led to. */
const UP_TO_DATE = /^(?:\S+: )?up to date\b/;
const SYNCED = /\b1 file in 1 container\b/;
/** As somebody reads and types. */
const PAUSE_MS = 1400;
const DEADLINE_MS = 180_000;
const GRACE_MS = 10_000;

const DIM = '\u001b[90m';
const BOLD = '\u001b[1m';
const RESET = '\u001b[0m';

/**
 * Runs `nx serve shop`, saves a file that an image is built for and one that a
 * container takes as it is, and looks at both in the cluster.
 * @returns what the terminal showed, and our own words of what was saved
 */
export async function film(
  shop: string,
  cluster: ClusterOptions,
): Promise<Shown[]> {
  const shown: Shown[] = [];
  const start = performance.now();
  const show = (text: string) =>
    shown.push({ at: Math.round(performance.now() - start), text });
  const save = async (file: string, from: string, to: string) => {
    await sleep(PAUSE_MS);
    const path = join(shop, file);
    const text = await readFile(path, 'utf8');
    show(`${DIM}# ${file} is saved: ${to}${RESET}`);
    await writeFile(path, text.replace(from, to));
  };

  show(`${BOLD}$ npx nx serve shop${RESET}`);
  const child = execa(join(shop, 'node_modules/.bin/nx'), ['serve', 'shop'], {
    cwd: shop,
    env: { ...cluster.env, FORCE_COLOR: '1' },
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
    cancelSignal: cluster.signal,
    forceKillAfterDelay: GRACE_MS,
  });
  createInterface({ input: child.all }).on('line', show);
  const until = (pattern: RegExp) => saidIn(shown, pattern, shown.length);
  try {
    await saidIn(shown, UP_TO_DATE, 0);
    const built = until(UP_TO_DATE);
    await save(PAGE, BEFORE, AFTER);
    await built;
    await fetchPage('frontend', '', AFTER, cluster);
    const synced = until(SYNCED);
    await save(SHEET, 'navy', 'teal');
    await synced;
    await fetchPage('frontend', 'shop.css', 'teal', cluster);
  } finally {
    child.kill('SIGINT');
    await child;
  }
  return shown.filter(({ text }) => !/^\^C/.test(text));
}

/** @param from which of the lines is the first that counts */
async function saidIn(
  shown: readonly Shown[],
  pattern: RegExp,
  from: number,
): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  const isSaid = () =>
    shown
      .slice(from)
      .some(({ text }) => pattern.test(stripVTControlCharacters(text)));
  while (!isSaid()) {
    if (Date.now() > deadline) {
      const all = shown.map(({ text }) => text).join('\n');
      throw new Error(`serve never said ${String(pattern)}:\n${all}`);
    }
    await sleep(20);
  }
}
