import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { batch, useContainer, withFolders } from './testing/container';
import { SHELLS } from './testing/local-container';

describe.each(SHELLS)('in a container with %s', (_name, shell) => {
  const { folder, open, place, write, save, plant, look } = useContainer(shell);
  const outside = () => readFileSync(folder.at('outside/x'), 'utf8');

  beforeEach(async () => {
    await folder.write({ 'outside/x': 'mine', 'outside/y': 'mine' });
  });

  it.each([['x'], ['x', 'a']])(
    'no link is written through: %j',
    async (...names) => {
      plant({ dir: `link ${folder.at('outside')}`, 'deep/a': 'link ../dir' });
      save({ 'dir/x': 'file new', 'dir/a': 'file a', 'deep/a/x': 'file new' });
      const paths = [...names.map((name) => `dir/${name}`), 'deep/a/x'];
      await open().apply(batch({ writes: paths.map((at) => write(at)) }));
      expect(outside()).toBe('mine');
      expect(existsSync(folder.at('outside/a'))).toBe(false);
      for (const at of ['dir', 'deep/a']) {
        expect(lstatSync(place(at).path).isDirectory()).toBe(true);
      }
      expect(readFileSync(place('dir/x').path, 'utf8')).toBe('new');
    },
  );

  it('a link is replaced, and what it points to left alone', async () => {
    plant({
      file: `link ${folder.at('outside/x')}`,
      dir: `link ${folder.at('outside')}`,
      nowhere: 'link nowhere/at/all',
    });
    const tree = { file: 'file 1', dir: 'file 2', nowhere: 'file 3' };
    save(tree);
    const link = open();
    for (const at of Object.keys(tree)) {
      await link.apply(batch({ writes: [write(at)] }));
    }
    expect(look()).toEqual(tree);
    expect(outside()).toBe('mine');
  });

  it('no link is deleted through, and links themselves are deleted', async () => {
    plant({
      dir: `link ${folder.at('outside')}`,
      'a/link': `link ${folder.at('outside')}`,
    });
    const paths = ['dir/x', 'a/link', 'dir/no/such'];
    await open().apply(batch({ deletes: paths.map(place) }));
    expect(look()).toEqual({ dir: `link ${folder.at('outside')}` });
    expect(outside()).toBe('mine');
  });

  it('the target of the sync may be a link itself', async () => {
    await folder.link('app/current', 'releases/1');
    plant({ 'releases/1/old': 'file old' });
    save({ a: 'file a', 'b/c': 'file c' });
    const below = `${folder.at('app')}/current`;
    const writes = ['a', 'b/c'].map((at) => ({
      ...write(at),
      below,
      path: `${below}/${at}`,
    }));
    const deletes = [{ below, path: `${below}/old` }];
    await open().apply(batch({ writes, deletes }));
    expect(look()).toEqual(
      withFolders({
        current: 'link releases/1',
        'releases/1/a': 'file a',
        'releases/1/b/c': 'file c',
      }),
    );
  });

  it('a folder that the sync has emptied goes, unless something else is in it', async () => {
    plant({
      'a/b/c/gone': 'file',
      'a/b/gone': 'file',
      'kept/gone': 'file ',
      'kept/other': 'file ',
      'filled/gone': 'file ',
    });
    save({ 'filled/new': 'file new' });
    await open().apply(
      batch({
        deletes: ['a/b/c/gone', 'a/b/gone', 'kept/gone', 'filled/gone'].map(
          place,
        ),
        writes: [write('filled/new')],
      }),
    );
    expect(look()).toEqual(
      withFolders({ 'kept/other': 'file ', 'filled/new': 'file new' }),
    );
  });

  it('the target itself stays, and is made where it is not', async () => {
    plant({ a: 'file ' });
    const link = open();
    await link.apply(batch({ deletes: [place('a')] }));
    expect(look()).toEqual({});
    save({ a: 'file a' });
    const below = `${folder.at('app')}/not/there`;
    const path = `${below}/a`;
    await link.apply(batch({ writes: [{ ...write('a'), below, path }] }));
    expect(look()).toEqual(withFolders({ 'not/there/a': 'file a' }));
  });
});
