import { manualClock } from '../testing/manual-clock';
import { Batches, type Batching } from './batches';
import type { Changes } from './types';

/** Batches of a clock that stands still; what they ask of others is there at once. */
function start(more: Partial<Batching> = {}) {
  const { now: time, after, advance } = manualClock();
  let late = 0;
  const now = () => time() + late;
  const given: Changes[] = [];
  const looks: number[] = [];
  const turns: (() => void)[] = [];
  const batches = new Batches({
    clock: { now, after, turn: (action) => turns.push(action) },
    queueLimit: 100,
    isHeld: () => false,
    idle: () => Promise.resolve(),
    lookAgain: () => {
      looks.push(now());
      return Promise.resolve();
    },
    give: (changes) => given.push(changes),
    ...more,
  });
  const turn = async () => {
    for (const action of turns.splice(0)) action();
    await new Promise((resolve) => setImmediate(resolve));
  };
  /** Lets time pass, with a turn of the loop each millisecond. */
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed++) {
      advance(1);
      await turn();
    }
  };
  return {
    ...{ batches, given, looks, pass },
    change(path: string) {
      batches.count();
      batches.touch();
      batches.add(path);
    },
    /** Nothing runs for so long. */
    stall(ms: number) {
      late += ms;
      return pass(10);
    },
  };
}

it('one save is one batch, as of its first event', async () => {
  const { change, pass, given } = start();
  await pass(10);
  change('a~');
  change('a');
  await pass(2);
  change('a');
  await pass(5);
  expect(given).toEqual([{ paths: new Set(['a~', 'a']), all: false, at: 10 }]);
});

it('a save after that is another', async () => {
  const { change, pass, given } = start();
  change('a');
  await pass(5);
  change('b');
  await pass(5);
  expect(given.map(({ at }) => at)).toEqual([0, 5]);
});

it('the more has come, the longer it waits for the rest', async () => {
  const { change, pass, given } = start({ queueLimit: 100_000 });
  for (let count = 0; count < 300; count++) change(`${count}`);
  await pass(80);
  change('last');
  await pass(99);
  expect(given).toEqual([]);
  await pass(2);
  expect(given.map(({ paths }) => paths.size)).toEqual([301]);
});

it('a file that is written all the time is told of every 3 s', async () => {
  const { change, pass, given } = start({ queueLimit: 100_000 });
  for (let ms = 0; ms < 7_000; ms += 2) {
    change('log');
    await pass(2);
  }
  await pass(200);
  expect(given.map(({ at }) => at)).toEqual([0, 3_000, 6_000]);
});

it('what does not matter is no batch', async () => {
  const { batches, pass, given } = start();
  batches.count();
  await pass(10);
  batches.touch();
  await pass(10);
  expect(given).toEqual([]);
});

describe('while Git holds its lock', () => {
  it('a batch waits, and comes soon after', async () => {
    let isHeld = true;
    const { change, pass, given } = start({ isHeld: () => isHeld });
    change('a');
    await pass(500);
    change('b');
    await pass(400);
    expect(given).toEqual([]);
    isHeld = false;
    await pass(25);
    expect(given.map(({ paths }) => paths.size)).toEqual([2]);
  });

  it('what Git wrote last comes along, if it was not read yet', async () => {
    let looks = 0;
    const isHeld = () => {
      looks += 1;
      if (looks === 5) setImmediate(() => change('b'));
      return looks < 5;
    };
    const { change, pass, given } = start({ isHeld });
    change('a');
    await pass(200);
    expect(given.map(({ paths }) => paths.size)).toEqual([2]);
  });

  it('it does not wait for ever', async () => {
    const { change, pass, given } = start({ isHeld: () => true });
    for (let count = 0; count < 20; count++) change(`${count}`);
    await pass(1_990);
    expect(given).toEqual([]);
    await pass(20);
    expect(given).toHaveLength(1);
  });
});

describe('anything may have changed, and all is looked at again first,', () => {
  const anything = { paths: new Set(), all: true };

  it('after a burst of a quarter of what the system keeps', async () => {
    const { change, pass, given, looks } = start();
    for (let count = 0; count < 25; count++) {
      change('a');
      await pass(1);
    }
    await pass(20);
    expect(given).toMatchObject([{ paths: new Set(['a']), all: false }]);
    for (let count = 0; count < 26; count++) {
      change('a');
      await pass(1);
    }
    await pass(20);
    expect(given.slice(1)).toMatchObject([anything]);
    expect(looks).toHaveLength(1);
  });

  it('after as many at once that do not matter', async () => {
    const { batches, pass, given } = start();
    for (let count = 0; count < 25; count++) batches.count();
    await pass(10);
    expect(given).toEqual([]);
    for (let count = 0; count < 26; count++) batches.count();
    await pass(10);
    expect(given).toMatchObject([anything]);
  });

  it('after the loop stood still', async () => {
    const { change, stall, given, looks } = start();
    change('a');
    await stall(150);
    expect(given).toMatchObject([anything]);
    expect(looks).toHaveLength(1);
  });

  it('but not after a short while', async () => {
    const { change, stall, given } = start();
    change('a');
    await stall(90);
    expect(given).toMatchObject([{ all: false }]);
  });

  it('and once more, if more is lost while that is done', async () => {
    const looks: (() => void)[] = [];
    const lookAgain = () => new Promise<void>((done) => looks.push(done));
    const { batches, pass, given } = start({ lookAgain });
    batches.lose();
    await pass(10);
    batches.lose();
    looks.shift()?.();
    await pass(10);
    expect(given).toMatchObject([anything]);
    looks.shift()?.();
    await pass(10);
    expect(given).toMatchObject([anything, anything]);
    expect(looks).toEqual([]);
  });
});

it('what is heard of while things are looked at comes along', async () => {
  let isDone: () => void = () => undefined;
  const idle = () => new Promise<void>((resolve) => (isDone = resolve));
  const { change, pass, given } = start({ idle });
  change('a');
  await pass(20);
  expect(given).toEqual([]);
  change('b');
  isDone();
  await pass(5);
  isDone();
  await pass(1);
  expect(given.map(({ paths }) => [...paths])).toEqual([['a', 'b']]);
});

it('nothing comes once it is closed', async () => {
  const { batches, change, pass, given } = start();
  change('a');
  batches.close();
  await pass(10);
  change('b');
  await pass(10);
  expect(given).toEqual([]);
});
