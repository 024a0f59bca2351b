import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { realClock } from '../build';
import { SlipwayError } from '../report';
import { manualClock } from '../testing/manual-clock';
import { eventually } from '../testing/wait';
import type { PreparationRun } from './desired';
import type { ImageUnit } from './image-unit';
import { Slots } from './slots';
import { useImageStage, WHILE_PAUSED } from './testing/image-stage';

const stage = useImageStage();
const { folder, events } = stage;

/** Puts what `app/src` holds into the image, and leaves a line for each run. */
const COPY = 'echo run >> app.log; cp app/src app.built';
/** The same of the file as it was at the beginning, and waits while paused. */
const SLOW = `c=$(cat app/src); echo run >> app.log; ${WHILE_PAUSED}; printf "$c" > app.built`;

const save = (text: string) => folder.write({ 'app/src': text });

async function started(unit: ImageUnit): Promise<ImageUnit> {
  unit.start(performance.now());
  await stage.settled(unit);
  return unit;
}

async function saved(unit: ImageUnit, text: string): Promise<void> {
  await save(text);
  unit.look();
  await stage.settled(unit);
}

/** Until its command has run so often, and has read what it reads. */
const building = (unit: ImageUnit, count: number) =>
  eventually(`build ${count}`, () => {
    try {
      return stage.runs('app') >= count && unit.state === 'building';
    } catch {
      return false;
    }
  });

beforeEach(() => save('one'));

describe('an image', () => {
  it('is built at the start, and again when its content changes', async () => {
    const unit = await started(stage.unit('app', { command: COPY }));
    const first = unit.ref;
    expect(unit.state).toBe('current');
    await saved(unit, 'two');
    expect(unit.ref).not.toBe(first);
    expect(stage.runs('app')).toBe(2);
    expect(stage.results()).toEqual(['done', 'done']);
    expect(events).toContainEqual({
      type: 'change',
      subjects: [{ image: 'app' }],
      files: ['app/src'],
      count: 1,
    });
  });

  it('is not built for a touch, and nothing is said of one', async () => {
    const unit = await started(stage.unit('app', { command: COPY }));
    const before = events.length;
    await saved(unit, 'one');
    expect(stage.runs('app')).toBe(1);
    expect(events.slice(before)).toEqual([]);
  });

  it.each([
    ['emptied', () => save('')],
    ['taken away', () => rm(folder.at('app/src'))],
  ])('is not built of a file that is %s to be written', async (_, begin) => {
    const clock = manualClock();
    const unit = stage.unit('app', { command: COPY }, { clock });
    await started(unit);
    const before = events.length;
    await begin();
    unit.look();
    await eventually('it waits', () => clock.timers > 0);
    await save('one');
    clock.advance(100);
    await stage.settled(unit);
    expect(stage.runs('app')).toBe(1);
    expect(events.slice(before)).toEqual([]);
  });

  it('is built of a file that stays empty', async () => {
    const unit = await started(stage.unit('app', { command: COPY }));
    const first = unit.ref;
    await saved(unit, '');
    expect(unit.ref).not.toBe(first);
  });

  it('is taken from where it stands when the content was built before', async () => {
    const unit = await started(stage.unit('app', { command: COPY }));
    const first = unit.ref;
    await saved(unit, 'two');
    await saved(unit, 'one');
    expect(unit.ref).toBe(first);
    expect(stage.runs('app')).toBe(2);
  });

  it('is built when it is asked for, changed or not', async () => {
    const unit = await started(stage.unit('app', { command: COPY }));
    unit.trigger(true);
    await stage.settled(unit);
    expect(stage.runs('app')).toBe(2);
  });
});

describe('a build that fails', () => {
  const command =
    'echo run >> app.log; grep -q good app/src && cp app/src app.built';

  it('leaves the image that stands, and is tried again when something changes', async () => {
    await save('good');
    const unit = await started(stage.unit('app', { command }));
    const { ref } = unit;
    await saved(unit, 'bad');
    expect(unit).toMatchObject({ state: 'failed', ref });
    expect(unit.fault?.code).toBe('SLIPWAY_E_COMMAND_FAILED');
    await saved(unit, 'bad');
    expect(stage.runs('app')).toBe(2);
    await saved(unit, 'good again');
    expect(unit.state).toBe('current');
    expect(unit.ref).not.toBe(ref);
  });

  it('is well again when its content is put back', async () => {
    await save('good');
    const unit = await started(stage.unit('app', { command }));
    await saved(unit, 'bad');
    await saved(unit, 'good');
    expect(unit.state).toBe('current');
    expect(stage.runs('app')).toBe(2);
    expect(stage.results()).toEqual(['done', 'failed', 'unchanged']);
  });

  it('is tried again by hand', async () => {
    await save('bad');
    const unit = await started(stage.unit('app', { command }));
    unit.trigger(false);
    await stage.settled(unit);
    expect(stage.runs('app')).toBe(2);
  });

  it('is tried again by itself, later and later, where Docker is away', async () => {
    const manual = manualClock();
    const unit = stage.unit('app', { command: COPY }, { clock: manual });
    stage.api.intercept = (_request, response) => {
      response.writeHead(500).end();
      return true;
    };
    await started(unit);
    expect(unit.state).toBe('failed');
    for (const pause of [1000, 2000, 4000]) {
      const before = stage.cycles().length;
      manual.advance(pause - 1);
      expect(stage.cycles()).toHaveLength(before);
      manual.advance(1);
      await eventually('another try', () => stage.cycles().length > before);
      await stage.settled(unit);
    }
  });
});

describe('what has failed', () => {
  it('has failed again when it is put back while something else is built', async () => {
    await save('bad');
    const command =
      'c=$(cat app/src); echo run >> app.log; [ $c = good ] || exit 3; sleep 60';
    const unit = await started(stage.unit('app', { command }));
    const { fault } = unit;
    await save('good');
    unit.look();
    await building(unit, 2);
    await saved(unit, 'bad');
    expect(unit).toMatchObject({ state: 'failed', fault });
    expect(stage.results()).toEqual(['failed', 'superseded']);
  });

  it('is still tried again by itself after a look that found nothing new', async () => {
    const manual = manualClock();
    const unit = stage.unit('app', { command: COPY }, { clock: manual });
    stage.api.intercept = (_request, response) => {
      response.writeHead(500).end();
      return true;
    };
    await started(unit);
    await saved(unit, 'one');
    const before = stage.cycles().length;
    manual.advance(1000);
    await eventually('another try', () => stage.cycles().length > before);
    await stage.settled(unit);
  });
});

describe('an image that is used no more', () => {
  it('is not built when its turn comes', async () => {
    const slots = new Slots(1);
    const unit = stage.unit('app', { command: COPY }, { slots });
    let leave = () => {};
    const turn = slots.take(
      () => new Promise<void>((resolve) => (leave = resolve)),
    );
    unit.start(performance.now());
    await eventually('waiting', () => unit.state === 'waiting');
    unit.retire();
    leave();
    await Promise.all([turn, unit.idle()]);
    expect(() => stage.runs('app')).toThrow('ENOENT');
  });
});

describe('options that are read again', () => {
  const respecified = (command: string) => {
    const { spec } = stage;
    return spec('app', { command });
  };

  it('stop a build of the options before', async () => {
    const unit = stage.unit('app', { command: SLOW });
    await stage.pause();
    unit.start(performance.now());
    await building(unit, 1);
    expect(unit.respecify(respecified(COPY))).toBe(true);
    unit.look();
    await stage.settled(unit);
    expect(stage.results()).toEqual(['superseded', 'done']);
  });

  it('bring the image to where it is to stand now', async () => {
    const unit = await started(stage.unit('app', { command: COPY }));
    const { ref } = unit;
    const spec = respecified(COPY);
    const plan = { ...spec.plan, tagPrefix: 'other' };
    expect(unit.respecify({ ...spec, plan })).toBe(true);
    unit.look();
    await stage.settled(unit);
    expect(unit.ref).not.toBe(ref);
    expect(unit.ref).toMatch(/^app:other-/);
  });
});

describe('a save while it builds', () => {
  it('stops the build, and the newest content is what stands', async () => {
    const unit = stage.unit('app', { command: SLOW });
    await stage.pause();
    unit.start(performance.now());
    await building(unit, 1);
    await save('two');
    unit.look();
    await building(unit, 2);
    await stage.goOn();
    await stage.settled(unit);
    expect(stage.contentOf(unit, ['one', 'two'])).toBe('two');
    expect(stage.results()).toEqual(['superseded', 'done']);
  });

  it('with the same bytes stops nothing', async () => {
    const unit = stage.unit('app', { command: `${COPY}; sleep 0.4` });
    unit.start(performance.now());
    await building(unit, 1);
    await saved(unit, 'one');
    expect(stage.runs('app')).toBe(1);
    expect(stage.results()).toEqual(['done']);
  });

  it('lets the build end where that was asked for, and builds the rest then', async () => {
    const unit = stage.unit('app', { command: SLOW }, { onChange: 'finish' });
    await stage.pause();
    unit.start(performance.now());
    await building(unit, 1);
    await save('two');
    unit.look();
    await stage.goOn();
    await stage.settled(unit);
    expect(stage.results()).toEqual(['done', 'done']);
    expect(stage.contentOf(unit, ['one', 'two'])).toBe('two');
  });

  it('stops two builds in a row, and the third arrives', async () => {
    const unit = stage.unit('app', { command: SLOW });
    await stage.pause();
    unit.start(performance.now());
    for (const build of [1, 2, 3]) {
      await building(unit, build);
      await save(`save ${build}`);
      unit.look();
    }
    await stage.goOn();
    await stage.settled(unit);
    expect(stage.results()).toEqual([
      'superseded',
      'superseded',
      'done',
      'done',
    ]);
    expect(stage.contentOf(unit, ['save 2', 'save 3'])).toBe('save 3');
  });

  it('stops builds anew once what is wanted stands, be it what stood before', async () => {
    const unit = await started(stage.unit('app', { command: SLOW }));
    await stage.pause();
    for (const [build, text] of [
      [2, 'two'],
      [3, 'three'],
    ] as const) {
      await save(text);
      unit.look();
      await building(unit, build);
    }
    await saved(unit, 'one');
    await save('four');
    unit.look();
    await building(unit, 4);
    await save('five');
    unit.look();
    await building(unit, 5);
    await stage.goOn();
    await stage.settled(unit);
    expect(stage.contentOf(unit, ['one', 'five'])).toBe('five');
    expect(stage.results()).toEqual([
      'done',
      'superseded',
      'superseded',
      'superseded',
      'done',
    ]);
  });

  it('is never lost, nor followed by an older one, whenever it comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 60 }), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.constantFrom('restart' as const, 'finish' as const),
        async (pauses, onChange) => {
          const texts = ['0', ...pauses.map((_, index) => String(index + 1))];
          await save('0');
          const seen: number[] = [];
          const command =
            'c=$(cat app/src); sleep 0.03; printf "$c" > app.built';
          const unit = stage.unit(
            'app',
            { command },
            {
              onChange,
              onSettled: (settled, cycle) => {
                cycle?.end('done');
                seen.push(Number(stage.contentOf(settled, texts)));
              },
            },
          );
          unit.start(performance.now());
          for (const [index, pause] of pauses.entries()) {
            await sleep(pause);
            await save(String(index + 1));
            unit.look();
          }
          await stage.settled(unit);
          expect(stage.contentOf(unit, texts)).toBe(texts.at(-1));
          expect(seen).toEqual([...seen].sort((a, b) => a - b));
        },
      ),
      { numRuns: 8 },
    );
  });
});

describe('a build that writes into its own inputs', () => {
  const hasty = {
    now: () => performance.now(),
    after: (ms: number, action: () => void) => realClock.after(ms / 20, action),
  };

  it.each([
    ['does well', 'cp app/src app.built'],
    ['fails', 'exit 3'],
  ])(
    'is named in the end, and not run for ever, when it %s',
    async (_, end) => {
      const command = `echo run >> app.log; date +%N > app/gen; sleep 0.05; ${end}`;
      const unit = stage.unit('app', { command }, { clock: hasty });
      await started(unit);
      // As a watcher would tell of each of its writes.
      for (let round = 0; round < 20; round += 1) {
        unit.look();
        await stage.settled(unit);
      }
      expect(stage.runs('app')).toBeLessThanOrEqual(8);
      expect(unit.state).toBe('failed');
      const runs = stage.runs('app');
      await saved(unit, 'something else');
      expect(stage.runs('app')).toBeGreaterThan(runs);
    },
  );

  it('is no matter if it writes the same each time', async () => {
    const command =
      'echo run >> app.log; echo same > app/gen; cp app/src app.built';
    const unit = await started(
      stage.unit('app', { command }, { clock: hasty }),
    );
    unit.look();
    await stage.settled(unit);
    expect(unit.state).toBe('current');
    expect(stage.runs('app')).toBe(2);
  });
});

describe('changes that are held back', () => {
  it('wait to be asked for, but for what is missing at the start', async () => {
    stage.mode.isAuto = false;
    const unit = await started(stage.unit('app', { command: COPY }));
    await saved(unit, 'two');
    expect(unit.state).toBe('changed');
    expect(stage.runs('app')).toBe(1);
    unit.trigger(false);
    await stage.settled(unit);
    expect(unit.state).toBe('current');
    expect(stage.runs('app')).toBe(2);
  });

  it('are none when the content is put back', async () => {
    stage.mode.isAuto = false;
    const unit = await started(stage.unit('app', { command: COPY }));
    await saved(unit, 'two');
    await saved(unit, 'one');
    expect(unit.state).toBe('current');
  });

  it('are built when the pause is over', async () => {
    const unit = await started(stage.unit('app', { command: COPY }));
    stage.mode.isPaused = true;
    await saved(unit, 'two');
    unit.trigger(true);
    await stage.settled(unit);
    expect(stage.runs('app')).toBe(1);
    stage.mode.isPaused = false;
    unit.release();
    await stage.settled(unit);
    expect(stage.runs('app')).toBe(2);
  });

  it('are built after a pause as they were asked for in it', async () => {
    stage.mode.isAuto = false;
    const unit = await started(stage.unit('app', { command: COPY }));
    stage.mode.isPaused = true;
    unit.trigger(true);
    await stage.settled(unit);
    stage.mode.isPaused = false;
    unit.release();
    await stage.settled(unit);
    expect(stage.runs('app')).toBe(2);
  });

  it('wait for the end of a pause that began while they waited for a place', async () => {
    const slots = new Slots(1);
    const unit = stage.unit('app', { command: COPY }, { slots });
    let leave = () => {};
    const turn = slots.take(
      () => new Promise<void>((resolve) => (leave = resolve)),
    );
    unit.start(performance.now());
    await eventually('waiting', () => unit.state === 'waiting');
    stage.mode.isPaused = true;
    leave();
    await Promise.all([turn, stage.settled(unit)]);
    expect(unit.state).toBe('changed');
    stage.mode.isPaused = false;
    unit.release();
    await stage.settled(unit);
    expect(unit.state).toBe('current');
  });
});

describe('tasks that prepare a build', () => {
  const sources = () => ({
    root: folder.path,
    projectRoot: folder.path,
    manifests: [],
    deps: [{ path: folder.at('src') }],
    ignore: [],
    outputs: [],
  });
  const preparing = (run: (run: PreparationRun) => Promise<void>) => {
    const ran: string[] = [];
    const preparation = {
      tasks: ['app:compile'],
      sources: sources(),
      run: async (given: PreparationRun) => {
        ran.push('run');
        await run(given);
      },
    };
    return { ran, preparation };
  };

  it('run at the start, and when what they read changes', async () => {
    await folder.write({ 'src/a': 'one' });
    const { ran, preparation } = preparing(() => save('compiled'));
    const unit = await started(
      stage.unit('app', { command: COPY, preparation }),
    );
    expect(stage.contentOf(unit, ['one', 'compiled'])).toBe('compiled');
    unit.look();
    await stage.settled(unit);
    expect(ran).toHaveLength(1);
    await folder.write({ 'src/a': 'two' });
    unit.look();
    await stage.settled(unit);
    expect(ran).toHaveLength(2);
    // What they made is what it was.
    expect(stage.runs('app')).toBe(1);
  });

  it('that fail are the failure of the image, once', async () => {
    await folder.write({ 'src/a': 'one' });
    const { ran, preparation } = preparing(() => {
      const message = 'app:compile failed.';
      throw new SlipwayError({ code: 'SLIPWAY_E_COMMAND_FAILED', message });
    });
    const unit = await started(
      stage.unit('app', { command: COPY, preparation }),
    );
    expect(unit.fault).toMatchObject({ message: 'app:compile failed.' });
    unit.look();
    await stage.settled(unit);
    expect(ran).toHaveLength(1);
  });

  it('run again for what they ran for before, after others have failed', async () => {
    await folder.write({ 'src/a': 'one' });
    const { ran, preparation } = preparing(async () => {
      const text = readFileSync(folder.at('src/a'), 'utf8');
      await save(`compiled ${text}`);
      if (text !== 'bad') return;
      const message = 'app:compile failed.';
      throw new SlipwayError({ code: 'SLIPWAY_E_COMMAND_FAILED', message });
    });
    const unit = await started(
      stage.unit('app', { command: COPY, preparation }),
    );
    for (const text of ['bad', 'one']) {
      await folder.write({ 'src/a': text });
      unit.look();
      await stage.settled(unit);
    }
    expect(ran).toHaveLength(3);
    expect(unit.state).toBe('current');
    expect(stage.contentOf(unit, ['compiled one', 'compiled bad'])).toBe(
      'compiled one',
    );
  });

  it('are stopped when what they read changes meanwhile', async () => {
    await folder.write({ 'src/a': 'one' });
    let stopped = 0;
    const { ran, preparation } = preparing(async ({ signal }) => {
      if (ran.length > 1) return;
      await new Promise<void>((resolve) =>
        signal.addEventListener('abort', () => resolve()),
      );
      stopped += 1;
      throw new SlipwayError({ code: 'SLIPWAY_E_CANCELLED', message: 'x' });
    });
    const unit = stage.unit('app', { command: COPY, preparation });
    unit.start(performance.now());
    await eventually('preparing', () => unit.state === 'preparing');
    await folder.write({ 'src/a': 'two' });
    unit.look();
    await stage.settled(unit);
    expect(stopped).toBe(1);
    expect(ran).toHaveLength(2);
    expect(stage.results()).toEqual(['superseded', 'done']);
  });
});

describe('an image that is built on another', () => {
  const BASE = 'echo run >> base.log; grep -o "[a-z]*" base/src > base.built';
  const APP =
    'echo $SLIPWAY_IMAGE_0 >> app.log; echo $SLIPWAY_IMAGE_0 > app.built';
  const parent = {
    key: 'base',
    asParent: ({ contentId, deployRef }: NonNullable<ImageUnit['image']>) => ({
      name: deployRef.local,
      contentId,
      ref: deployRef.local,
    }),
  };
  const both = async (base: ImageUnit, app: ImageUnit) => {
    await stage.settled(base);
    await eventually('both idle', () => !base.workSince && !app.workSince);
  };
  const family = async (command = APP) => {
    await folder.write({ 'base/src': 'one' });
    const base = stage.unit('base', { command: BASE });
    const app = stage.unit('app', { command, parents: [parent] });
    app.start(performance.now());
    base.start(performance.now());
    return { base, app };
  };

  it('is built after it, and again only if that is another', async () => {
    const { base, app } = await family();
    await both(base, app);
    expect(app.state).toBe('current');
    expect(stage.runs('app')).toBe(1);
    // Another build of the parent, with the same image.
    await folder.write({ 'base/src': 'one 1' });
    base.look();
    await both(base, app);
    expect([stage.runs('base'), stage.runs('app')]).toEqual([2, 1]);
    await folder.write({ 'base/src': 'two' });
    base.look();
    await both(base, app);
    expect([stage.runs('base'), stage.runs('app')]).toEqual([3, 2]);
  });

  it('is built with it when that was asked for by hand', async () => {
    const { base, app } = await family();
    await both(base, app);
    stage.mode.isAuto = false;
    await folder.write({ 'base/src': 'two' });
    base.look();
    await both(base, app);
    expect([base.state, app.state]).toEqual(['changed', 'current']);
    base.trigger(false);
    await both(base, app);
    expect([base.state, app.state]).toEqual(['current', 'current']);
    expect(stage.runs('app')).toBe(2);
  });

  it('is not built to the end on one that is another by now', async () => {
    await stage.pause();
    const { base, app } = await family(`${APP}; ${WHILE_PAUSED}`);
    await building(app, 1);
    await folder.write({ 'base/src': 'two' });
    base.look();
    await building(app, 2);
    await stage.goOn();
    await both(base, app);
    expect(app.state).toBe('current');
    const results = stage
      .cycles()
      .flatMap((cycle) => (cycle.image === 'app' ? cycle.result : []));
    expect(results).toEqual(['superseded', 'done']);
  });

  it('has failed as before, once that is not worked on any more', async () => {
    const { base, app } = await family(`${APP}; exit 3`);
    await both(base, app);
    const { fault } = app;
    // Another build of the parent, with the same image.
    await folder.write({ 'base/src': 'one 1' });
    base.look();
    app.look();
    await both(base, app);
    expect(app).toMatchObject({ state: 'failed', fault });
    expect(stage.runs('app')).toBe(1);
  });
});
