import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { NxProcess } from './support/serve-process';
import { DOCKER_BUILD, ServeStage } from './support/serve-stage';
import {
  ServedPods,
  servingPods,
  treeOf,
  type Tree,
} from './support/served-pods';

/** `SLIPWAY_RANDOM=long` (CONTRIBUTING.md), in which serves are killed, too. */
const IS_LONG = process.env.SLIPWAY_RANDOM === 'long';
const STEPS = IS_LONG ? 300 : 30;
/** `SLIPWAY_RANDOM_SEED` runs the same again. */
const SEED = Number(
  process.env.SLIPWAY_RANDOM_SEED ?? Math.floor(Math.random() * 2 ** 31),
);
/** Of all steps together a few times as long as a rollout. Milliseconds. */
const PAUSE = 400;
/** After so many steps all must be as it was saved. */
const ROUND = 10;
const CALM_MS = 60_000;

type Step = { readonly pause: number } & (
  | { readonly kind: 'save' | 'delete'; readonly file: string }
  | { readonly kind: 'page' | 'forced' | 'kill' }
  | { readonly kind: 'end' | 'remove'; readonly which: number }
);

/** Files and folders of one name among them. */
const FILES = ['a', 'b', 'b/x', 'b/x/y', 'c/d', 'c/e'];

/** Folders that are empty an image has, and a sync leaves none. */
const filesOf = (tree: Tree): Tree =>
  Object.fromEntries(Object.entries(tree).filter(([, is]) => is !== 'folder'));

function randomSteps(seed: number, count: number): Step[] {
  const of = <K extends string>(kind: K) => fc.constant(kind);
  const file = fc.constantFrom(...FILES);
  const which = fc.nat(99);
  const what = fc.oneof(
    { weight: 8, arbitrary: fc.record({ kind: of('save'), file }) },
    { weight: 3, arbitrary: fc.record({ kind: of('delete'), file }) },
    { weight: 4, arbitrary: fc.record({ kind: of('page') }) },
    { weight: 1, arbitrary: fc.record({ kind: of('forced') }) },
    { weight: 4, arbitrary: fc.record({ kind: of('end'), which }) },
    { weight: 2, arbitrary: fc.record({ kind: of('remove'), which }) },
    { weight: IS_LONG ? 1 : 0, arbitrary: fc.record({ kind: of('kill') }) },
  );
  // As people are: much at once, then nothing.
  const pause = fc.oneof(fc.constant(0), fc.nat(50), fc.nat(PAUSE * 2));
  const step = fc
    .tuple(what, pause)
    .map(([each, ms]): Step => ({ ...each, pause: ms }));
  return fc.sample(step, { seed, numRuns: count });
}

describe(`random saves, builds, ends and deletions, SLIPWAY_RANDOM_SEED=${SEED}`, () => {
  let stage: ServeStage;
  let serve: NxProcess;
  let pods: ServedPods;
  let count = 0;

  beforeAll(async () => {
    stage = await ServeStage.create();
    await stage.addImage('web', {
      command: DOCKER_BUILD,
      options: {
        liveUpdate: [
          { sync: { from: 'src', to: '/www' } },
          {
            run: 'cp /www/index.html /www/seen.html',
            trigger: ['src/index.html'],
          },
        ],
        deps: ['src', 'Dockerfile', 'forced'],
      },
    });
    await stage.workspace.write('apps/web/forced', '0');
    await stage.addProject('shop', {
      'web.yaml': servingPods('web', { replicas: 2, containers: 2 }),
    });
    pods = new ServedPods(stage, 'shop');
    start();
    await serve.upToDate();
  });

  function start(): void {
    serve = stage.serve('shop', ['--logs=none']);
  }

  afterAll(() => stage.remove());

  const at = (path: string) => join(stage.workspace.root, 'apps/web', path);
  const next = () => `${(count += 1)}\n`;

  /** What stands at a path of src/: undefined, `folder`, or a file. */
  const isAt = (file: string) => treeOf(at('src'))[file];

  function remove(file: string): void {
    if (isAt(file) !== undefined)
      rmSync(at(`src/${file}`), { recursive: true });
  }

  /** In one piece, whatever stands there, or where a folder is needed. */
  function save(file: string): void {
    const names = file.split('/');
    for (const [index] of names.entries()) {
      const path = names.slice(0, index + 1).join('/');
      const isLast = path === file;
      if ((isAt(path) === 'folder') === isLast) remove(path);
    }
    mkdirSync(dirname(at(`src/${file}`)), { recursive: true });
    writeFileSync(at('saved'), next());
    renameSync(at('saved'), at(`src/${file}`));
  }

  async function apply(step: Step): Promise<void> {
    switch (step.kind) {
      case 'save':
        return save(step.file);
      case 'page':
        return save('index.html');
      case 'delete':
        return remove(step.file);
      case 'kill':
        await serve.kill();
        return start();
      case 'forced':
        return writeFileSync(at('forced'), next());
      case 'end':
      case 'remove': {
        const all = await pods.of('web');
        const pod = all[step.which % all.length];
        if (!pod) return;
        if (step.kind === 'remove') return pods.delete(pod);
        void pods.end(pod, step.which % 2 === 0 ? 'c0' : 'c1');
      }
    }
  }

  /** @returns what some container holds otherwise; nothing: undefined */
  async function wrong(): Promise<unknown> {
    const all = await pods.of('web');
    if (all.length !== 2) return `${all.length} pods`;
    const files = filesOf(treeOf(at('src')));
    for (const pod of all) {
      for (const { name } of pod.containers) {
        const tree = await pods.tree(pod, '/www', name);
        // The run has seen the newest, or the image has had it from the start.
        const { 'seen.html': seen, ...held } = filesOf(tree);
        const isSeen = seen === undefined || seen === held['index.html'];
        if (!isSeen || !isDeepStrictEqual(held, files)) {
          return { pod: pod.name, name, seen, held, files };
        }
      }
    }
    return undefined;
  }

  async function calm(): Promise<void> {
    const end = Date.now() + CALM_MS;
    for (;;) {
      const [status] = await stage.status().catch(() => []);
      const what = status?.isUpToDate
        ? await wrong().catch(String)
        : 'is at work';
      if (what === undefined) return;
      if (Date.now() > end) {
        const last = serve.output.split('\n').slice(-80).join('\n');
        throw new Error(`${JSON.stringify(what)}, in:\n${last}`);
      }
      await sleep(100);
    }
  }

  it(
    'end with the newest content in every container',
    async () => {
      const steps = randomSteps(SEED, STEPS);
      for (const [index, step] of steps.entries()) {
        await apply(step);
        await sleep(step.pause);
        if ((index + 1) % ROUND === 0) await calm();
      }
      await calm();
    },
    STEPS * PAUSE * 2 + (STEPS / ROUND) * CALM_MS,
  );
});
