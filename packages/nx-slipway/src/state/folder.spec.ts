import { basename } from 'node:path';
import fc from 'fast-check';
import { hashedName, ledgerFolder, lockFolder, recordPath } from './folder';

describe('the folders of the state', () => {
  it('keep a record where Nx expects it', () => {
    expect(recordPath('/w', 'web')).toBe('/w/.nx/slipway/web.json');
    expect(recordPath('/w', '@a/web')).toBe('/w/.nx/slipway/@a/web.json');
  });

  it.each(['state', 'state/locks', 'state/ledger'])(
    'have room for a project named %s',
    (project) => {
      const record = recordPath('/w', project);
      const others = [lockFolder('/w', 'x'), ledgerFolder('/w')];
      // Neither is the other, nor a folder on the way to it.
      for (const other of others) {
        expect(`${other}/`.startsWith(`${record}/`)).toBe(false);
        expect(record.startsWith(`${other}/`)).toBe(false);
      }
    },
  );

  it('give every image a lock of its own, whatever its name', () => {
    const names = [
      'a',
      'a/b',
      'a:5000/b',
      'A/b',
      '\u00e4',
      'a\u0308',
      '..',
      '',
    ];
    const folders = names.map((name) => lockFolder('/w', name));
    expect(new Set(folders).size).toBe(names.length);
    for (const folder of folders) {
      expect(basename(folder)).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  it('tell lists of names apart, wherever one ends', () => {
    const parts = fc.array(fc.string({ maxLength: 4 }), { maxLength: 3 });
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        expect(hashedName(...one) === hashedName(...other)).toBe(isSame);
      }),
    );
    expect(hashedName('ab', 'c')).not.toBe(hashedName('a', 'bc'));
  });
});
