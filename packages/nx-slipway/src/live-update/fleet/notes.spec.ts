import fc from 'fast-check';
import {
  appendFile,
  mkdir,
  readFile,
  readdir,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { errorOf } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { openNotes } from './notes';

const temp = useTempFolder();
const path = () => temp.at('state', 'live-update', 'abc');
const open = () => openNotes(path());
const textOf = (end: 'pods' | 'base') => readFile(`${path()}.${end}`, 'utf8');

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

  it('are written once for many containers at a time', async () => {
    const notes = await open();
    await notes.touch('pod-0', 'web', []);
    const places = Array.from({ length: 1000 }, (_, n) => `/app/file-${n}`);
    await Promise.all(
      places.slice(0, 20).map((_, n) => notes.touch(`pod-${n}`, 'web', places)),
    );
    const text = await textOf('pods');
    expect(text.match(/file-999"/g)).toHaveLength(1);
    expect(text.length).toBeLessThan(20_000);
    const again = await open();
    expect(again.touchedIn('pod-19', 'web')).toEqual(new Set(places));
  });

  it('forget pods that are gone', async () => {
    const notes = await open();
    await notes.touch('pod-1', 'web', ['/app/a']);
    await notes.touch('pod-2', 'web', ['/app/b']);
    notes.keep(new Set(['pod-2']));
    await notes.touch('pod-2', 'web', ['/app/c']);
    const again = await open();
    expect([again.knows('pod-1'), again.knows('pod-2')]).toEqual([false, true]);
    expect(await textOf('pods')).not.toContain('/app/a');
  });

  it('are those of one serve alone', async () => {
    await (await open()).touch('pod-1', 'web', ['/app/a']);
    expect((await openNotes(temp.at('state', 'x'))).knows('pod-1')).toBe(false);
  });

  it('take what was cut off for what was not begun', async () => {
    const notes = await open();
    await notes.touch('pod-1', 'web', ['/app/a']);
    const whole = (await textOf('pods')).length;
    await notes.touch('pod-1', 'web', ['/app/b']);
    const all = (await textOf('pods')).length;
    for (let length = all - 1; length >= whole; length -= 1) {
      await truncate(`${path()}.pods`, length);
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
    '["touched","pod-1","web",0,2]\n',
    '["touched","pod-1","web",1,0]\n',
    '["touched","pod-1","web",0]\n',
    '["touched","pod-1","web",0,1,0,1]\n',
    '["paths","/app/../etc/passwd"]\n',
    '["paths",7]\n',
    '["pod",7]\n',
    '{}\n',
  ])('count for nothing if they are not ours: %j', async (line) => {
    const notes = await open();
    await notes.touch('pod-1', 'web', ['/app/a']);
    await appendFile(`${path()}.pods`, line);
    expect((await open()).knows('pod-1')).toBe(false);
  });

  it('do not grow in memory by what a file says', async () => {
    await (await open()).touch('pod-1', 'web', ['/app/a']);
    const paths = JSON.stringify(['paths', ...Array<string>(1000).fill('/x')]);
    const bomb = `["touched","pod-1","web",0,1000]\n`.repeat(3000);
    await appendFile(`${path()}.pods`, `${paths}\n${bomb}`);
    expect((await open()).knows('pod-1')).toBe(false);
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
    await rm(`${path()}.pods`);
    await writeFile(temp.at('mine'), 'mine');
    await symlink(temp.at('mine'), `${path()}.pods`);
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
    const text = await textOf('base');
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
      { numRuns: 40 },
    );
  });

  it('notes can be opened and written', async () => {
    await (await open()).touch('pod-1', 'web', ['/app/a', '/app/b']);
    const written = Buffer.from(await textOf('pods'));
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
        await writeFile(`${path()}.pods`, bytes);
        const notes = await open();
        await notes.touch('pod-9', 'web', ['/app/z']);
        const again = await open();
        expect(again.touchedIn('pod-9', 'web')).toEqual(new Set(['/app/z']));
      }),
      { numRuns: 60 },
    );
  });
});
