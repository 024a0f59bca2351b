import { createHash } from 'node:crypto';
import { readFile, readdir, rm } from 'node:fs/promises';
import fc from 'fast-check';
import { SlipwayError } from '../report';
import { eventually } from '../testing/wait';
import type { ImageUnit } from './image-unit';
import { useImageStage, WHILE_PAUSED } from './testing/image-stage';
import { StagedLive, liveUpdateOf } from './testing/staged-live';

const stage = useImageStage();
const { folder, events } = stage;

/** What is in `app/`, in one file. */
const COPY =
  'echo run >> app.log; cd app; for f in $(find . -type f | sort); do echo "$f $(cat $f)"; done > ../app.built';

const live = () => new StagedLive(liveUpdateOf('app'));
const stateOf = (text: string) =>
  `file ${createHash('sha256').update(text).digest('hex')}`;

async function started(
  container: StagedLive,
  parts: object = {},
): Promise<ImageUnit> {
  const unit = stage.unit('app', {
    command: COPY,
    live: container.served,
    ...parts,
  });
  unit.start(performance.now());
  await stage.settled(unit);
  return unit;
}

async function saved(
  unit: ImageUnit,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  await folder.write(files);
  unit.look();
  await stage.settled(unit);
}

const messages = () =>
  events.flatMap((event) => (event.type === 'message' ? event.text : []));

beforeEach(() =>
  folder.write({ 'app/live/page': 'one', 'app/src': 'one', 'app.log': '' }),
);

describe('a save that a sync takes', () => {
  it('is brought to the container, and nothing is built', async () => {
    const container = live();
    const unit = await started(container);
    await saved(unit, { 'app/live/page': 'two' });
    expect(container.holds).toEqual(new Map([['/live/page', stateOf('two')]]));
    expect(stage.runs('app')).toBe(1);
    expect(unit.state).toBe('current');
    const cycle = stage.cycles().at(-1);
    expect(cycle).toMatchObject({
      result: 'done',
      live: { containers: 1, files: 1 },
    });
    expect(cycle?.phases.map(({ name }) => name)).toEqual(['detect', 'sync']);
  });

  it('is taken back in the container, too', async () => {
    const container = live();
    const unit = await started(container);
    await saved(unit, { 'app/live/page': 'two' });
    await saved(unit, { 'app/live/page': 'one' });
    expect(container.holds).toEqual(new Map([['/live/page', stateOf('one')]]));
    expect(stage.runs('app')).toBe(1);
  });

  it('is deleted there when it is deleted here', async () => {
    const container = live();
    const unit = await started(container);
    await rm(folder.at('app/live/page'));
    unit.look();
    await stage.settled(unit);
    expect(container.holds.size).toBe(0);
    expect(stage.runs('app')).toBe(1);
  });

  it('is said nothing of when it was a touch', async () => {
    const unit = await started(live());
    await saved(unit, { 'app/live/page': 'two' });
    const before = events.length;
    await saved(unit, { 'app/live/page': 'two' });
    expect(events.slice(before)).toEqual([]);
  });

  it('waits to be asked for where nothing is done unasked', async () => {
    const container = live();
    const unit = await started(container);
    stage.mode.isAuto = false;
    await saved(unit, { 'app/live/page': 'two' });
    expect(unit.state).toBe('changed');
    expect(container.holds.get('/live/page')).toBe(stateOf('one'));
    unit.trigger(false);
    await stage.settled(unit);
    expect(container.holds.get('/live/page')).toBe(stateOf('two'));
    expect(stage.runs('app')).toBe(1);
  });
});

describe('a save that needs an image', () => {
  it('builds one, and says of which file and rule', async () => {
    const container = live();
    const unit = await started(container);
    await saved(unit, { 'app/live/page': 'two' });
    await saved(unit, { 'app/src': 'two' });
    expect(stage.runs('app')).toBe(2);
    expect(messages()).toContain(
      'an image is built: app/src changed, and no sync takes it',
    );
    expect(container.generations).toHaveLength(2);
    await saved(unit, { 'app/live/native': 'x' });
    expect(messages()).toContain(
      'an image is built: app/live/native changed, and fallBackOn "app/live/native"',
    );
    expect(stage.runs('app')).toBe(3);
  });

  it('is a change of options, too', async () => {
    const container = live();
    const unit = await started(container);
    const { plan, ...more } = stage.spec('app', { command: COPY });
    unit.respecify({
      ...more,
      plan: { ...plan, env: { MORE: '1' } },
      live: container.served,
    });
    unit.look();
    await stage.settled(unit);
    expect(stage.runs('app')).toBe(2);
  });

  it('is asked for by hand', async () => {
    const unit = await started(live());
    await saved(unit, { 'app/live/page': 'two' });
    unit.trigger(true);
    await stage.settled(unit);
    expect(stage.runs('app')).toBe(2);
  });

  it('is built also of what was brought, when a sync takes what comes next', async () => {
    const container = live();
    const unit = await started(container);
    await saved(unit, { 'app/live/page': 'two', 'app/src': 'two' });
    await saved(unit, { 'app/live/page': 'three' });
    expect(stage.runs('app')).toBe(2);
    expect(container.holds.get('/live/page')).toBe(stateOf('three'));
  });
});

it('is given by the steps as they are now, also to containers that come later', async () => {
  const container = live();
  const unit = await started(container);
  const { plan, ...more } = stage.spec('app', { command: COPY });
  const restarted = liveUpdateOf('app', { restart: true });
  const served = { ...container.served, liveUpdate: restarted };
  expect(unit.respecify({ ...more, plan, live: served })).toBe(true);
  unit.look();
  await stage.settled(unit);
  expect(container.toldBy).toEqual(restarted);
  expect(stage.runs('app')).toBe(1);
});

it('is said to be brought also where it comes with other options', async () => {
  const container = live();
  const unit = await started(container);
  const other = liveUpdateOf('app', { restart: true });
  const served = { ...container.served, liveUpdate: other };
  unit.respecify(stage.spec('app', { command: COPY, live: served }));
  const before = events.length;
  await saved(unit, { 'app/live/page': 'two' });
  const states = events
    .slice(before)
    .map((event) => (event.type === 'state' ? event.state : event.type));
  expect(states.filter((state) => state !== 'phase')).toEqual([
    ...['change', 'syncing', 'current', 'cycle'],
  ]);
});

describe('containers that cannot be given it', () => {
  const error = new SlipwayError({
    code: 'SLIPWAY_E_LIVE_UPDATE',
    message: 'there is no tar',
    hint: 'Install it.',
  });
  const place = { namespace: 'n', pod: 'p', container: 'c' };
  const needsBuild = { why: 'there is no tar', error, place };

  it('have an image built, which is said', async () => {
    const container = live();
    const unit = await started(container);
    container.outcomes.push({ needsBuild });
    await saved(unit, { 'app/live/page': 'two' });
    expect(stage.runs('app')).toBe(2);
    expect(messages()).toContain(
      'an image is built: there is no tar Install it.',
    );
    expect(container.holds.get('/live/page')).toBe(stateOf('two'));
  });

  it('are told of at each save, and what to do about it once', async () => {
    const container = live();
    const unit = await started(container);
    for (const text of ['two', 'three']) {
      container.outcomes.push({ needsBuild });
      await saved(unit, { 'app/live/page': text });
    }
    expect(messages()).toEqual([
      'an image is built: there is no tar Install it.',
      'an image is built: there is no tar',
    ]);
  });

  it('are told of, and not built for for ever, where a build is no help', async () => {
    const container = live();
    const unit = await started(container);
    // As initialSync has it: also of what the image is built of.
    const never = { isNothing: false, needsBuild };
    container.outcomes.push(never);
    await saved(unit, { 'app/live/page': 'two' });
    expect(stage.runs('app')).toBe(2);
    container.parts?.onLater({
      ...never,
      containers: 0,
      files: 0,
      times: { sync: 0 },
      failedRuns: [],
    });
    await stage.settled(unit);
    expect(unit.state).toBe('failed');
    expect(unit.fault?.message).toBe('there is no tar');
    expect(stage.runs('app')).toBe(2);
  });

  it('are none for a run that fails: it is shown, and tried at the next save', async () => {
    const container = live();
    const unit = await started(container);
    const run = { argv: ['npm', 'ci'], written: 'npm ci' };
    container.outcomes.push({
      failedRuns: [{ place, failed: { run, exitCode: 3 } }],
    });
    await saved(unit, { 'app/live/page': 'two' });
    expect(unit.state).toBe('failed');
    expect(unit.fault).toMatchObject({ code: 'SLIPWAY_E_LIVE_RUN' });
    expect(stage.results().at(-1)).toBe('failed');
    const before = container.holding;
    unit.look();
    await stage.settled(unit);
    expect(container.holding).toBe(before);
    await saved(unit, { 'app/live/page': 'three' });
    expect(unit.state).toBe('current');
    expect(stage.runs('app')).toBe(1);
  });
});

describe('a serve that starts again', () => {
  it('builds nothing if syncs take all that has changed since', async () => {
    const container = live();
    const first = await started(container);
    await saved(first, { 'app/live/page': 'two' });
    await first.close();
    await folder.write({ 'app/live/page': 'three' });
    const again = await started(container);
    expect(again.state).toBe('current');
    expect(again.ref).toBe(first.ref);
    expect(stage.runs('app')).toBe(1);
    expect(container.holds.get('/live/page')).toBe(stateOf('three'));
  });

  it('builds if they do not', async () => {
    const container = live();
    const first = await started(container);
    await first.close();
    await folder.write({ 'app/live/page': 'two', 'app/src': 'two' });
    await started(container);
    expect(stage.runs('app')).toBe(2);
  });
});

it('brings what was saved while its image was built, and builds no other', async () => {
  const container = live();
  const slow = `${WHILE_PAUSED}; ${COPY}`;
  const unit = await started(container, { command: slow });
  await stage.pause();
  await folder.write({ 'app/src': 'two' });
  // A newer save does not stop it.
  unit.look();
  await eventually('a build', () => unit.state === 'building');
  await folder.write({ 'app/live/page': 'two' });
  await stage.goOn();
  await stage.settled(unit);
  expect(stage.runs('app')).toBe(2);
  expect(container.holds.get('/live/page')).toBe(stateOf('two'));
});

describe('an image that another is built on', () => {
  const parentSpec = () => stage.spec('base', { command: BASE });
  const BASE = 'echo run >> base.log; cat base/live/lib base/src > base.built';
  const contentId = (unit?: ImageUnit) => unit?.image?.contentId ?? '';

  async function family(container: StagedLive) {
    await folder.write({
      'base/live/lib': 'one',
      'base/src': 'one',
      'base.log': '',
    });
    const host = {
      areTaken: (_unit: ImageUnit, changed: readonly string[]) =>
        app.takes(changed),
      onLent: () => app.look(),
    };
    const base = stage.unit('base', { command: BASE }, host);
    const app: ImageUnit = stage.unit('app', {
      command: COPY,
      live: container.served,
      parents: [
        {
          key: 'base',
          asParent: (image) => ({
            name: parentSpec().plan.imageName,
            contentId: image.contentId,
            ref: image.deployRef.local,
          }),
        },
      ],
    });
    base.start(performance.now());
    app.start(performance.now());
    await settled(base, app);
    return { base, app };
  }

  async function settled(...units: ImageUnit[]) {
    await eventually('all idle', () =>
      units.every(({ workSince }) => workSince === undefined),
    );
  }

  const both = () =>
    new StagedLive(
      liveUpdateOf('app', {
        syncs: [
          ...liveUpdateOf('app').syncs,
          ...liveUpdateOf('base').syncs.map((sync) => ({
            ...sync,
            to: '/lib',
          })),
        ],
      }),
    );

  it('is not built while the containers of that take its files', async () => {
    const container = both();
    const { base, app } = await family(container);
    await folder.write({ 'base/live/lib': 'two' });
    base.look();
    await settled(base, app);
    expect([stage.runs('base'), stage.runs('app')]).toEqual([1, 1]);
    expect(container.holds.get('/lib/lib')).toBe(stateOf('two'));
    expect([base.state, app.state]).toEqual(['current', 'current']);
  });

  it('is built before it once an image is needed, whoever needs it', async () => {
    const container = both();
    const { base, app } = await family(container);
    await folder.write({ 'base/live/lib': 'two' });
    base.look();
    await settled(base, app);
    const before = contentId(base);
    await folder.write({ 'app/src': 'two' });
    app.look();
    await settled(base, app);
    expect([stage.runs('base'), stage.runs('app')]).toEqual([2, 2]);
    expect(contentId(base)).not.toBe(before);
    await folder.write({ 'base/src': 'two' });
    base.look();
    await settled(base, app);
    expect([stage.runs('base'), stage.runs('app')]).toEqual([3, 3]);
  });

  it('is put back in the containers, too', async () => {
    const container = both();
    const { base, app } = await family(container);
    for (const text of ['two', 'one']) {
      await folder.write({ 'base/live/lib': text });
      base.look();
      await settled(base, app);
    }
    expect(container.holds.get('/lib/lib')).toBe(stateOf('one'));
    expect([stage.runs('base'), stage.runs('app')]).toEqual([1, 1]);
  });
});

it('has the containers hold what is newest, whatever is saved when', async () => {
  const save = fc.record({
    file: fc.constantFrom('app/live/page', 'app/live/other', 'app/src'),
    text: fc.constantFrom('one', 'two', 'three', 'four'),
    isSettled: fc.boolean(),
  });
  let turn = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(save, { maxLength: 8 }), async (saves) => {
      // Nothing that was built before is found.
      turn += 1;
      const said = (text: string) => `${text} ${turn}`;
      const first = said('one');
      await folder.write({ 'app/live/page': first, 'app/src': first });
      const container = live();
      // What was saved before is found, and not built again: each is kept.
      const command = `${COPY}; mkdir -p ../all; cp ../app.built ../all/$$`;
      const unit = await started(container, { command });
      for (const { file, text, isSettled } of saves) {
        await folder.write({ [file]: said(text) });
        unit.look();
        if (isSettled) await stage.settled(unit);
      }
      await stage.settled(unit);
      expect(unit.state).toBe('current');
      const names = await readdir(folder.at('app/live'));
      const texts = await Promise.all(
        names.map((name) => readFile(folder.at('app/live', name), 'utf8')),
      );
      expect(container.holds).toEqual(
        new Map(
          names.map((name, at) => [`/live/${name}`, stateOf(texts[at]!)]),
        ),
      );
      // What no sync takes is in the image.
      const all = await readdir(folder.at('all'));
      const built = await Promise.all(
        all.map((name) => readFile(folder.at('all', name), 'utf8')),
      );
      const source = await readFile(folder.at('app/src'), 'utf8');
      expect(stage.contentOf(unit, built)).toContain(`./src ${source}`);
      await unit.close();
    }),
    { numRuns: 15 },
  );
});
