import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { KnownFiles } from '../inputs';
import { SlipwayError } from '../report';
import { manualClock, type ManualClock } from '../testing/manual-clock';
import { useTempFolder } from '../testing/temp-folder';
import { defaultPlan } from '../testing/build-plan';
import { eventually } from '../testing/wait';
import type { ServeEvent } from './events';
import { ForeignUnit } from './foreign-unit';
import { StagedLive, liveUpdateOf } from './testing/staged-live';

const folder = useTempFolder();
const events: ServeEvent[] = [];
let clock: ManualClock;
let container: StagedLive;
let replaced = 0;
let unit: ForeignUnit;
const mode = { isAuto: true };

const stateOf = (text: string) =>
  `file ${createHash('sha256').update(text).digest('hex')}`;

beforeEach(async () => {
  events.splice(0);
  replaced = 0;
  mode.isAuto = true;
  clock = manualClock();
  await folder.write({ 'web/live/page': 'one', 'web/special': 'one' });
  container = new StagedLive(liveUpdateOf('web'));
  const root = folder.path;
  const plan = defaultPlan({ root, name: 'web', command: ':', host: 'x:1' });
  unit = new ForeignUnit(
    {
      key: 'web',
      name: 'web',
      plan: {
        ...plan,
        deps: { ...plan.deps, deps: [{ path: folder.at('web') }] },
      },
      isOurs: () => true,
      live: container.served,
    },
    {
      clock,
      emit: (event) => events.push(event),
      signal: new AbortController().signal,
      knownFiles: new KnownFiles(),
      secrets: () => [],
      isAuto: () => mode.isAuto,
      isPaused: () => false,
      onState: () => undefined,
      replacePod: () => Promise.resolve(),
      replacePods: () => {
        replaced += 1;
        return Promise.resolve();
      },
    },
  );
  unit.start(clock.now());
  await settled();
});

async function settled(): Promise<void> {
  await eventually('idle', () => unit.workSince === undefined);
}

async function saved(files: Readonly<Record<string, string>>): Promise<void> {
  await folder.write(files);
  unit.look();
  await settled();
}

it('takes for the image what was there at the start', () => {
  expect(unit.state).toBe('current');
  expect(container.generations).toHaveLength(1);
  expect(events.filter(({ type }) => type === 'cycle')).toEqual([]);
});

it('brings to the containers what syncs take', async () => {
  await saved({ 'web/live/page': 'two' });
  expect(container.holds.get('/live/page')).toBe(stateOf('two'));
  expect(unit.state).toBe('current');
  expect(events).toContainEqual({
    type: 'change',
    subjects: [{ image: 'web' }],
    files: ['web/live/page'],
    count: 1,
  });
  expect(replaced).toBe(0);
});

it('has the pods replaced for what none takes, and goes on with the new ones', async () => {
  await saved({ 'web/special': 'two' });
  expect(replaced).toBe(1);
  expect(container.generations).toHaveLength(2);
  expect(events).toContainEqual({
    type: 'message',
    level: 'info',
    text: 'its pods are replaced: web/special changed, and no sync takes it',
    image: 'web',
  });
  await saved({ 'web/live/page': 'three' });
  expect(container.holds.get('/live/page')).toBe(stateOf('three'));
  expect(replaced).toBe(1);
});

it('has none replaced for a file that is taken away to be written', async () => {
  await saved({ 'web/live/page': 'two' });
  const before = events.length;
  await rm(folder.at('web/special'));
  unit.look();
  await eventually('it waits', () => clock.timers > 0);
  await folder.write({ 'web/special': 'one' });
  clock.advance(100);
  await settled();
  expect(replaced).toBe(0);
  expect(events.slice(before)).toEqual([]);
});

it('says what a container cannot be given, and tries it at the next save', async () => {
  const error = new SlipwayError({
    code: 'SLIPWAY_E_LIVE_UPDATE',
    message: 'no tar',
  });
  const place = { namespace: 'n', pod: 'p', container: 'c' };
  container.outcomes.push({ needsBuild: { why: 'no tar', error, place } });
  await saved({ 'web/live/page': 'two' });
  expect(unit.state).toBe('failed');
  expect(unit.fault?.message).toBe('no tar');
  const before = container.holding;
  await saved({ 'web/live/page': 'two' });
  expect(container.holding).toBe(before);
  await saved({ 'web/live/page': 'three' });
  expect(unit.state).toBe('current');
});

it('waits to be asked for where nothing is done unasked', async () => {
  mode.isAuto = false;
  await saved({ 'web/live/page': 'two' });
  expect(unit.state).toBe('changed');
  unit.trigger(false);
  await settled();
  expect(container.holds.get('/live/page')).toBe(stateOf('two'));
});
