import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { untilTheClockTicks } from '../testing/clock-tick';
import { useTempFolder } from '../testing/temp-folder';
import {
  bytesOf,
  entriesOf,
  entryAt,
  linkAt,
  ownEntryAt,
  realPathOf,
} from './looks';
import { lookAgain, recordLooks } from './question';

const folder = useTempFolder();

beforeEach(() => folder.write({ 'sub/file': 'one' }));

/** What was seen last, as a record of it. */
function lookOf(ask: () => unknown) {
  const [look, ...others] = recordLooks(ask).looks;
  expect(others).toEqual([]);
  return look!;
}

/** As if all that was written so far were long ago. */
function afterAWhile<T>(work: () => T): T {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 10_000);
  try {
    return work();
  } finally {
    clock.mockRestore();
  }
}

const file = () => folder.at('sub/file');
const sub = () => folder.at('sub');

it('what was asked is recorded once, in order, with no content in it', () => {
  const { value, looks } = recordLooks(() => {
    entryAt(sub());
    bytesOf(file());
    entryAt(sub());
    return 'value';
  });
  expect(value).toBe('value');
  expect([...looks].map((look) => partsOf(look).slice(0, 2))).toEqual([
    ['entry', sub()],
    ['bytes', file()],
  ]);
  expect([...looks].join()).not.toContain('one');
});

it('outside of a recording nothing is recorded', () => {
  const { looks } = recordLooks(() => entryAt(sub()));
  bytesOf(file());
  expect(looks.size).toBe(1);
});

it('a recording ends with what throws', () => {
  expect(() => recordLooks(() => bytesOf(folder.at('none')))).toThrow();
  expect(recordLooks(() => entryAt(sub())).looks.size).toBe(1);
});

it('of a question with two answers one is always wrong', () => {
  const { looks } = recordLooks(() => {
    bytesOf(file());
    writeFileSync(file(), 'two');
    bytesOf(file());
  });
  for (const text of ['one', 'two']) {
    writeFileSync(file(), text);
    expect([...looks].map(lookAgain)).toContain(undefined);
  }
});

describe.each([
  ['with', afterAWhile],
  ['without', <T>(work: () => T) => work()],
])('%s stamps', (_, timed) => {
  const record = (ask: () => unknown) => {
    const look = lookOf(ask);
    return timed(() => lookAgain(look)!);
  };
  const again = (look: Parameters<typeof lookAgain>[0]) =>
    timed(() => lookAgain(look));

  it('what is as it was is so', () => {
    for (const ask of [
      () => bytesOf(file()),
      () => entriesOf(sub()),
      () => entryAt(file()),
      () => entryAt(folder.at('none')),
      () => ownEntryAt(file()),
      () => realPathOf(file()),
    ]) {
      const look = record(ask);
      expect(again(look)).toBe(look);
    }
  });

  it.each<[string, (path: string) => unknown, () => void]>([
    ['a text of another length', bytesOf, () => writeFileSync(file(), 'two!')],
    [
      'another text of the same length and time, in place',
      bytesOf,
      () => {
        untilTheClockTicks(folder.path);
        writeFileSync(file(), 'two');
        utimesSync(file(), 1, 1);
      },
    ],
    [
      'another file of that name',
      bytesOf,
      () => {
        writeFileSync(folder.at('new'), 'two');
        utimesSync(folder.at('new'), 1, 1);
        renameSync(folder.at('new'), file());
      },
    ],
    ['nothing', bytesOf, () => rmSync(file())],
    [
      'a folder in the place of a file',
      bytesOf,
      () => {
        rmSync(file());
        mkdirSync(file());
      },
    ],
    [
      'a link in the place of a folder above',
      bytesOf,
      () => {
        renameSync(sub(), folder.at('moved'));
        mkdirSync(folder.at('new'));
        writeFileSync(folder.at('new/file'), 'two');
        symlinkSync('new', sub());
      },
    ],
  ])('%s is another answer', (_, ask, change) => {
    const look = record(() => {
      utimesSync(file(), 1, 1);
      return ask(file());
    });
    change();
    expect(again(look)).toBeUndefined();
  });

  it.each<[string, () => void]>([
    ['one more', () => writeFileSync(folder.at('sub/new'), '')],
    ['one less', () => rmSync(file())],
    ['another name', () => renameSync(file(), folder.at('sub/moved'))],
    [
      'a folder of the name of a file',
      () => {
        rmSync(file());
        mkdirSync(file());
      },
    ],
    [
      'a link of the name of a file',
      () => {
        rmSync(file());
        symlinkSync('x', file());
      },
    ],
    ['no folder at all', () => rmSync(sub(), { recursive: true })],
  ])('%s in a folder is another answer', (_, change) => {
    const look = record(() => entriesOf(sub()));
    untilTheClockTicks(folder.path);
    change();
    expect(again(look)).toBeUndefined();
  });

  it('what came where nothing was is another answer', () => {
    const ask = [entryAt, ownEntryAt].map((one) =>
      record(() => one(folder.at('new'))),
    );
    const refused = [bytesOf, entriesOf, linkAt, realPathOf].map((one) =>
      record(() => {
        expect(() => one(folder.at('new'))).toThrow();
      }),
    );
    for (const look of refused) expect(again(look)).toBe(look);
    symlinkSync('sub', folder.at('new'));
    writeFileSync(folder.at('sub/file'), 'x');
    const [bytes, ...others] = refused;
    for (const look of [...ask, ...others]) {
      expect(again(look)).toBeUndefined();
    }
    // Another refusal.
    expect(again(bytes!)).toBeUndefined();
  });

  it('a link that leads elsewhere is another answer', () => {
    symlinkSync('sub', folder.at('link'));
    const looks = [linkAt, realPathOf].map((ask) =>
      record(() => ask(folder.at('link'))),
    );
    rmSync(folder.at('link'));
    symlinkSync('.', folder.at('link'));
    for (const look of looks) expect(again(look)).toBeUndefined();
  });
});

it('what has the same stamp is not read again', () => {
  const look = afterAWhile(() => lookAgain(lookOf(() => bytesOf(file()))))!;
  const [question, path, , stamp] = partsOf(look);
  const other = JSON.stringify([question, path, 'another answer', stamp]);
  expect(afterAWhile(() => lookAgain(other))).toBe(other);
});

it('what was touched alone has a new stamp', () => {
  const look = afterAWhile(() => lookAgain(lookOf(() => bytesOf(file()))))!;
  untilTheClockTicks(folder.path);
  chmodSync(file(), 0o600);
  const now = afterAWhile(() => lookAgain(look))!;
  expect(partsOf(now).slice(0, 3)).toEqual(partsOf(look).slice(0, 3));
  expect(partsOf(now)[3]).not.toEqual(partsOf(look)[3]);
  // Now it is not read again.
  expect(afterAWhile(() => lookAgain(now))).toBe(now);
});

it('what has changed a moment ago has no stamp until it is older', () => {
  const look = lookOf(() => bytesOf(file()));
  expect(lookAgain(look)).toBe(look);
  const later = afterAWhile(() => lookAgain(look))!;
  expect(partsOf(later)[3]).toHaveLength(3);
});

it('a look of somebody else is none', () => {
  const look = JSON.stringify(['weather', folder.path, 'rain']);
  expect(lookAgain(look)).toBeUndefined();
});

function partsOf(look: string): unknown[] {
  return JSON.parse(look) as unknown[];
}
