import { useTempFolder } from '../../testing/temp-folder';
import { Archives } from './archives';
import type { SmallParcel } from './parcels';
import { stateOf } from './testing/container';

const folder = useTempFolder();
const entry = (path: string, text: string) => ({
  path: `/app/${path}`,
  below: '/app',
  source: path,
  state: stateOf(`file ${text}`),
});
/** What is in the files that a container is given, which asks by itself. */
async function given(
  archives: Archives,
  ...writes: ReturnType<typeof entry>[]
) {
  const [parcel] = await archives.parcels(writes.map((each) => ({ ...each })));
  return archives.packet(parcel as SmallParcel);
}

describe('archives', () => {
  it('read once what several containers are given', async () => {
    const archives = new Archives(folder.path);
    await folder.write({ a: 'one', b: 'two' });
    const writes = [entry('a', 'one'), entry('b', 'two')];
    const [first, second] = await Promise.all([
      given(archives, ...writes),
      given(archives, ...writes),
    ]);
    expect(second).toBe(first);
    expect(await given(archives, ...writes)).toBe(first);
    expect(await given(archives, entry('a', 'one'))).not.toBe(first);
  });

  it('have nobody given what was read of a file that has changed since', async () => {
    const archives = new Archives(folder.path);
    const writes = [entry('a', 'planned')];
    await folder.write({ a: 'newer' });
    const newer = await given(archives, ...writes);
    expect(newer.states.get('/app/a')).toBe(stateOf('file newer'));
    await folder.write({ a: 'planned' });
    const planned = await given(archives, ...writes);
    expect(planned.states.get('/app/a')).toBe(writes[0]?.state);
  });

  it('try again to read what could not be read', async () => {
    const archives = new Archives(folder.path);
    const writes = [entry('a', 'a')];
    expect((await given(archives, ...writes)).states.get('/app/a')).toBe(
      undefined,
    );
    await folder.write({ a: 'a' });
    expect((await given(archives, ...writes)).size).toBe(1);
  });

  it('hold a large file for nobody', async () => {
    await folder.write({ large: 'x'.repeat(2_000_000), small: 'small' });
    const writes = [entry('large', ''), entry('small', '')];
    const parcels = await new Archives(folder.path).parcels(writes);
    expect(parcels.map(({ kind }) => kind)).toEqual(['large', 'small']);
  });
});
