import fc from 'fast-check';
import {
  appendFile,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hashedName } from '../../state';
import { errorOf } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { openNotes } from './notes';

const temp = useTempFolder();
const path = () => temp.at('state', 'live-update', 'abc');
const open = () => openNotes(path());
const fileOf = (uid: string) => `${path()}.pods/${hashedName(uid)}.pod`;
const podText = () => readFile(fileOf('pod-1'), 'utf8');

const hash = (n: number) => n.toString(16).padStart(64, '0');

describe('the notes of an image', () => {
  it('remember where containers were touched', async () => {
    const notes = await open();
    expect(notes.knows('pod-1')).toBe(false);
    await notes.touch('pod-1', 'web', ['/app/b', '/app/a']);
    await notes.touch('pod-1', 'side', ['/app/a']);
    await notes.touch('pod-2', 'web', []);
    await notes.touch('pod-1', 'web', ['/app/c']);
    const again = await open();
    expect(again.touchedIn('pod-1', 'web')).toEqual(
      new Set(['/app/a', '/app/b', '/app/c']),
    );
    expect(again.touchedIn('pod-1', 'side')).toEqual(new Set(['/app/a']));
    expect(again.touchedIn('pod-1', 'other')).toEqual(new Set());
    expect([again.knows('pod-2'), again.knows('pod-3')]).toEqual([true, false]);
  });

  it('are on the disk before anything is touched, and stay if nothing is new', async () => {
    const notes = await open();
    await notes.touch('pod-1', 'web', ['/app/a']);
    await rm(temp.at('state'), { recursive: true });
    await notes.touch('pod-1', 'web', ['/app/a']);
    expect(await readdir(temp.path)).toEqual([]);
    await notes.touch('pod-1', 'web', ['/app/a', '/app/b']);
    expect((await open()).touchedIn('pod-1', 'web').size).toBe(2);
  });

  it('are of many containers at a time', async () => {
    const notes = await open();
    const uids = Array.from({ length: 20 }, (_, n) => `pod-${n}`);
    const places = Array.from({ length: 1000 }, (_, n) => `/app/file-${n}`);
    await Promise.all(
      uids.flatMap((uid) =>
        ['web', 'side'].map((name) => notes.touch(uid, name, places)),
      ),
    );
    const again = await open();
    for (const uid of uids) {
      expect(again.touchedIn(uid, 'side')).toEqual(new Set(places));
    }
  });

  it('forget pods that are gone', async () => {
    const notes = await open();
    await notes.touch('pod-1', 'web', ['/app/a']);
    await notes.touch('pod-2', 'web', ['/app/b']);
    const going = notes.touch('pod-1', 'web', ['/app/c']);
    notes.forget('pod-1');
    await going;
    await notes.settled();
    const again = await open();
    expect([again.knows('pod-1'), again.knows('pod-2')]).toEqual([false, true]);
    expect(await readdir(`${path()}.pods`)).toHaveLength(1);
  });

  it('sweep out those of pods that nobody has seen go', async () => {
    const notes = await open();
    const all = Array.from({ length: 102 }, (_, n) => `pod-${n}`);
    await Promise.all(all.map((uid) => notes.touch(uid, 'web', [])));
    await utimes(fileOf('pod-7'), 1, 1);
    await utimes(fileOf('pod-8'), 2, 2);
    const again = await open();
    expect([again.knows('pod-7'), again.knows('pod-8')]).toEqual([
      false,
      false,
    ]);
    expect(again.knows('pod-9')).toBe(true);
    expect(await readdir(`${path()}.pods`)).toHaveLength(100);
  });

  it('may be of two serves at a time, each of which has pods of its own', async () => {
    const [one, two] = [await open(), await open()];
    await one.touch('pod-1', 'web', ['/app/a']);
    await two.touch('pod-2', 'web', ['/app/b']);
    await one.touch('pod-1', 'web', ['/app/c']);
    one.forget('pod-2');
    await one.settled();
    const again = await open();
    expect(again.touchedIn('pod-1', 'web').size).toBe(2);
    expect(again.touchedIn('pod-2', 'web').size).toBe(1);
  });

  it('are those of one image', async () => {
    await (await open()).touch('pod-1', 'web', ['/app/a']);
    expect((await openNotes(temp.at('state', 'x'))).knows('pod-1')).toBe(false);
  });

  it('take what was cut off for what was not begun', async () => {
    const notes = await open();
    await notes.touch('pod-1', 'web', ['/app/a']);
    const whole = (await podText()).length;
    await notes.touch('pod-1', 'web', ['/app/b']);
    const all = (await podText()).length;
    for (const length of [all - 1, all - 5, whole + 1, whole]) {
      await truncate(fileOf('pod-1'), length);
      const again = await open();
      expect(again.touchedIn('pod-1', 'web')).toEqual(new Set(['/app/a']));
    }
    const again = await open();
    await again.touch('pod-1', 'web', ['/app/c']);
    expect((await open()).touchedIn('pod-1', 'web')).toEqual(
      new Set(['/app/a', '/app/c']),
    );
  });

  it.each([
    'no line of ours\n',
    '["web","/app/../etc/passwd"]\n',
    '["web",7]\n',
    '[7,"/app/a"]\n',
    '[]\n',
    '{}\n',
    '\n',
  ])('count for nothing if they are not ours: %j', async (line) => {
    const notes = await open();
    await notes.touch('pod-1', 'web', ['/app/a']);
    await appendFile(fileOf('pod-1'), line);
    expect((await open()).knows('pod-1')).toBe(false);
  });

  it('count for nothing under the name of another pod', async () => {
    await (await open()).touch('pod-1', 'web', ['/app/a']);
    await rename(fileOf('pod-1'), fileOf('pod-2'));
    const again = await open();
    expect([again.knows('pod-1'), again.knows('pod-2')]).toEqual([
      false,
      false,
    ]);
  });

  it('say so when they cannot be written, and are whole the next time', async () => {
    const notes = await open();
    await notes.touch('pod-1', 'web', ['/app/a']);
    await rm(temp.at('state'), { recursive: true });
    await writeFile(temp.at('state'), '');
    for (const place of ['/app/b', '/app/b']) {
      const error = await errorOf(notes.touch('pod-1', 'web', [place]));
      expect(error.code).toBe('SLIPWAY_E_STATE');
    }
    await rm(temp.at('state'));
    await notes.touch('pod-1', 'web', ['/app/b']);
    expect((await open()).touchedIn('pod-1', 'web').size).toBe(2);
  });

  it('replace a link, and do not write what it leads to', async () => {
    const notes = await open();
    await notes.touch('pod-1', 'web', ['/app/a']);
    await rm(fileOf('pod-1'));
    await writeFile(temp.at('mine'), 'mine');
    await symlink(temp.at('mine'), fileOf('pod-1'));
    await notes.touch('pod-1', 'web', ['/app/b']);
    expect(await readFile(temp.at('mine'), 'utf8')).toBe('mine');
    expect((await open()).touchedIn('pod-1', 'web').size).toBe(2);
  });

  it('remember what the image was made of', async () => {
    const base = {
      hash: 'sha256:1',
      facts: 'f',
      files: new Map([
        ['src/a', `file ${hash(1)}`],
        ['src/ü\n', `executable ${hash(2)}`],
        ['src/l', 'link ../x y'],
        ['src/gone', 'missing '],
      ]),
    };
    const notes = await open();
    expect(await notes.read()).toBeUndefined();
    await notes.write(base);
    expect(await (await open()).read()).toEqual(base);
    const text = await readFile(`${path()}.base`, 'utf8');
    await writeFile(`${path()}.base`, text.slice(0, -20));
    expect(await notes.read()).toBeUndefined();
    await writeFile(`${path()}.base`, text.replace('file ', 'pipe '));
    expect(await notes.read()).toBeUndefined();
    await rm(`${path()}.base`);
    await mkdir(`${path()}.base`);
    expect(await notes.read()).toBeUndefined();
    expect((await errorOf(notes.write(base))).code).toBe('SLIPWAY_E_STATE');
  });
});

describe('whatever is touched, or stands in the file', () => {
  const word = fc.string({ unit: 'binary', maxLength: 8 });
  const place = word.map((each) => `/app/x${each.replace(/[/\0]/g, '')}`);

  it('notes say again what they were told', async () => {
    const step = fc.tuple(
      fc.constantFrom('pod-1', 'pod-2', '__proto__'),
      fc.constantFrom('web', 'constructor'),
      fc.array(place, { maxLength: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 8 }),
        fc.nat(8),
        async (steps, reopened) => {
          await rm(temp.at('state'), { recursive: true, force: true });
          const model = new Map<string, Set<string>>();
          let notes = await open();
          for (const [index, [uid, name, places]] of steps.entries()) {
            if (index === reopened) notes = await open();
            const key = `${uid}/${name}`;
            model.set(key, new Set([...(model.get(key) ?? []), ...places]));
            await notes.touch(uid, name, places);
          }
          const again = await open();
          for (const [key, places] of model) {
            const [uid = '', name = ''] = key.split('/');
            expect(again.touchedIn(uid, name)).toEqual(places);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('notes can be opened and written', async () => {
    await (await open()).touch('pod-1', 'web', ['/app/a', '/app/b']);
    const written = Buffer.from(await podText());
    const changed = fc
      .tuple(fc.nat(written.length - 1), fc.nat(255), fc.nat(written.length))
      .map(([at, byte, length]) => {
        const bytes = Buffer.from(written);
        bytes[at] = byte;
        return bytes.subarray(0, length);
      });
    const any = fc
      .uint8Array({ maxLength: 200 })
      .map((each) => Buffer.from(each));
    await fc.assert(
      fc.asyncProperty(fc.oneof(changed, any), async (bytes) => {
        await writeFile(fileOf('pod-1'), bytes);
        const notes = await open();
        await notes.touch('pod-9', 'web', ['/app/z']);
        const again = await open();
        expect(again.touchedIn('pod-9', 'web')).toEqual(new Set(['/app/z']));
      }),
      { numRuns: 25 },
    );
  });
});
