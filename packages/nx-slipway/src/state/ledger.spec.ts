import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { isDigest, isTag } from '../image';
import { sha256 } from '../testing/arbitraries';
import { errorOf } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { hashedName } from './folder';
import { openLedger, type Ledger, type LedgerKey } from './ledger';

const temp = useTempFolder();
const folder = () => temp.at('state', 'ledger');
const key: LedgerKey = { name: 'frontend', destination: 'localhost:5000/x' };
const fileOf = ({ name, destination }: LedgerKey) =>
  join(folder(), `${hashedName(name, destination)}.json`);

/** The nth of many different hashes. */
const hash = (n: number) => `sha256:${n.toString(16).padStart(64, '0')}`;

async function idFor(ledger: Ledger, of: LedgerKey, inputHash: string) {
  return (await ledger.builtFor(of, inputHash))?.contentId;
}

describe('a ledger', () => {
  it('knows nothing, and makes nothing, until it is told', async () => {
    const ledger = openLedger(folder());
    expect(await idFor(ledger, key, hash(1))).toBeUndefined();
    expect(await ledger.verifiedDigest(key, 'nx-1')).toBeUndefined();
    expect(await readdir(temp.path)).toEqual([]);
  });

  it('remembers what another process was told', async () => {
    const ledger = openLedger(folder());
    await ledger.rememberBuilt(key, hash(1), { contentId: hash(2) });
    await ledger.rememberVerified(key, 'nx-1', hash(3));
    const other = openLedger(folder());
    expect(await idFor(other, key, hash(1))).toBe(hash(2));
    expect(await other.verifiedDigest(key, 'nx-1')).toBe(hash(3));
    expect(await idFor(other, key, hash(3))).toBeUndefined();
    expect(await readdir(folder())).toEqual([
      expect.stringMatching(/^[0-9a-f]{32}\.json$/),
    ]);
  });

  it('remembers the ref that the script wrote', async () => {
    const built = { contentId: hash(2), ref: 'localhost:5000/own/x:v1' };
    await openLedger(folder()).rememberBuilt(key, hash(1), built);
    const ledger = openLedger(folder());
    expect(await ledger.builtFor(key, hash(1))).toEqual(built);
    await ledger.rememberBuilt(key, hash(3), { contentId: hash(2) });
    expect(await ledger.builtFor(key, hash(3))).toEqual({ contentId: hash(2) });
    expect(await ledger.builtFor(key, hash(1))).toEqual(built);
  });

  it('adds to what others have written since', async () => {
    const [one, other] = [openLedger(folder()), openLedger(folder())];
    for (let n = 0; n < 10; n += 1) {
      await (n % 2 ? one : other).rememberBuilt(key, hash(n), {
        contentId: hash(n),
      });
    }
    for (let n = 0; n < 10; n += 1) {
      expect(await idFor(one, key, hash(n))).toBe(hash(n));
    }
  });

  it('is settled when what it was told is written, or could not be', async () => {
    const ledger = openLedger(folder());
    void ledger.rememberBuilt(key, hash(1), { contentId: hash(2) });
    await ledger.settled();
    expect(await idFor(openLedger(folder()), key, hash(1))).toBe(hash(2));
    const nowhere = openLedger(fileOf(key));
    const failed = errorOf(
      nowhere.rememberBuilt(key, hash(1), { contentId: hash(2) }),
    );
    await nowhere.settled();
    expect((await failed).code).toBe('SLIPWAY_E_STATE');
  });

  it('loses nothing of what it is told at once', async () => {
    const ledger = openLedger(folder());
    const told = Array.from({ length: 20 }, (_, n) => [
      ledger.rememberBuilt(key, hash(n), { contentId: hash(n) }),
      ledger.rememberVerified(key, `nx-${n}`, hash(n)),
    ]);
    await Promise.all(told.flat());
    for (let n = 0; n < 20; n += 1) {
      expect(await idFor(ledger, key, hash(n))).toBe(hash(n));
      expect(await ledger.verifiedDigest(key, `nx-${n}`)).toBe(hash(n));
    }
  });

  it('takes the last word, and keeps the newest fifty', async () => {
    const ledger = openLedger(folder());
    for (let n = 0; n < 50; n += 1) {
      await ledger.rememberBuilt(key, hash(n), { contentId: hash(n) });
    }
    await ledger.rememberBuilt(key, hash(0), { contentId: hash(100) });
    await ledger.rememberBuilt(key, hash(50), { contentId: hash(50) });
    expect(await idFor(ledger, key, hash(0))).toBe(hash(100));
    expect(await idFor(ledger, key, hash(1))).toBeUndefined();
    expect(await idFor(ledger, key, hash(2))).toBe(hash(2));
  });

  it('holds fifty of the longest entries', async () => {
    const ledger = openLedger(folder());
    const tag = (n: number) => `${n}`.padEnd(128, 'x');
    const digest = `sha512:${'a'.repeat(128)}`;
    for (let n = 0; n < 60; n += 1) {
      await ledger.rememberVerified(key, tag(n), digest);
      await ledger.rememberBuilt(key, hash(n), { contentId: hash(n) });
    }
    expect(await ledger.verifiedDigest(key, tag(59))).toBe(digest);
    expect(await ledger.verifiedDigest(key, tag(10))).toBe(digest);
    expect(await idFor(ledger, key, hash(10))).toBe(hash(10));
  });

  it('keeps images and destinations apart', async () => {
    const ledger = openLedger(folder());
    await ledger.rememberBuilt(key, hash(1), { contentId: hash(2) });
    const shifted = { name: 'frontendl', destination: 'ocalhost:5000/x' };
    for (const other of [
      { ...key, name: 'backend' },
      { ...key, destination: 'docker' },
      shifted,
    ]) {
      expect(await idFor(ledger, other, hash(1))).toBeUndefined();
    }
  });

  it('is no place to find what objects inherit', async () => {
    const ledger = openLedger(folder());
    await ledger.rememberBuilt(key, hash(1), { contentId: hash(2) });
    expect(await ledger.verifiedDigest(key, '__proto__')).toBeUndefined();
    expect(await idFor(ledger, key, 'constructor')).toBeUndefined();
  });

  it.each(['file', 'directory'])(
    'says so when it cannot write, and again the next time: a %s in the way',
    async (kind) => {
      const ledger = openLedger(folder());
      if (kind === 'file') await temp.write({ 'state/ledger': '' });
      else await mkdir(fileOf(key), { recursive: true });
      for (let time = 0; time < 2; time += 1) {
        const writing = ledger.rememberBuilt(key, hash(1), {
          contentId: hash(2),
        });
        const { code, message } = await errorOf(writing);
        expect(code).toBe('SLIPWAY_E_STATE');
        expect(message).toContain(folder());
      }
      expect(await idFor(ledger, key, hash(1))).toBeUndefined();
    },
  );

  it('replaces a link, and neither reads nor writes what it leads to', async () => {
    await mkdir(folder(), { recursive: true });
    await temp.write({ elsewhere: 'mine' });
    await symlink(temp.at('elsewhere'), fileOf(key));
    const ledger = openLedger(folder());
    expect(await idFor(ledger, key, hash(1))).toBeUndefined();
    await ledger.rememberBuilt(key, hash(1), { contentId: hash(2) });
    expect(await idFor(ledger, key, hash(1))).toBe(hash(2));
    expect(await readFile(temp.at('elsewhere'), 'utf8')).toBe('mine');
  });
});

describe('whatever bytes stand in its file', () => {
  const entry = fc.oneof(
    fc.tuple(sha256, sha256),
    fc.tuple(fc.string(), sha256),
    fc.anything(),
  );
  const lookalike = fc
    .record({
      schema: fc.constantFrom<unknown>(1, 2, '1'),
      built: fc.oneof(fc.array(entry), fc.anything()),
      verified: fc.oneof(fc.array(entry), fc.anything()),
    })
    .map((value) => Buffer.from(JSON.stringify(value, withoutBigInts)));
  const torn = fc
    .tuple(fc.nat(100), fc.nat(400))
    .map(([count, length]) => real(count).subarray(0, length));
  const bytes = fc.uint8Array({ maxLength: 300 }).map((b) => Buffer.from(b));

  it('gives valid values or nothing, and can be added to', async () => {
    await mkdir(folder(), { recursive: true });
    const ledger = openLedger(folder());
    await fc.assert(
      fc.asyncProperty(fc.oneof(lookalike, torn, bytes), async (written) => {
        await writeFile(fileOf(key), written);
        for (const asked of stringsIn(written)) {
          const id = await idFor(ledger, key, asked);
          if (id !== undefined) expect(id).toMatch(/^sha256:[0-9a-f]{64}$/);
          const digest = await ledger.verifiedDigest(key, asked);
          if (digest === undefined) continue;
          expect([isTag(asked), isDigest(digest)]).toEqual([true, true]);
        }
        await ledger.rememberBuilt(key, hash(1), { contentId: hash(2) });
        expect(await idFor(ledger, key, hash(1))).toBe(hash(2));
      }),
      { numRuns: 100 },
    );
  });

  it('is read as version 0.1.0 wrote it', async () => {
    const ref = 'localhost:5000/own/x:v1';
    await mkdir(folder(), { recursive: true });
    await writeFile(
      fileOf(key),
      `{"schema":1,"built":[["${hash(1)}","${hash(2)}",null],["${hash(3)}","${hash(4)}","${ref}"]],"verified":[["nx-1","${hash(5)}"]]}\n`,
    );
    const ledger = openLedger(folder());
    expect(await ledger.builtFor(key, hash(1))).toEqual({ contentId: hash(2) });
    const scripted = { contentId: hash(4), ref };
    expect(await ledger.builtFor(key, hash(3))).toEqual(scripted);
    expect(await ledger.verifiedDigest(key, 'nx-1')).toBe(hash(5));
  });

  it('gives the valid entries among others', async () => {
    const verified = [['nx-1', 'sha256:12'], ['a b', hash(1)], 7, null, ['x']];
    const kept = { schema: 1, verified: [...verified, ['nx-2', hash(2)]] };
    await mkdir(folder(), { recursive: true });
    await writeFile(fileOf(key), JSON.stringify(kept));
    const ledger = openLedger(folder());
    expect(await ledger.verifiedDigest(key, 'nx-1')).toBeUndefined();
    expect(await ledger.verifiedDigest(key, 'a b')).toBeUndefined();
    expect(await ledger.verifiedDigest(key, 'nx-2')).toBe(hash(2));
  });

  function real(count: number): Buffer {
    const built = Array.from({ length: count }, (_, n) => [hash(n), hash(n)]);
    return Buffer.from(JSON.stringify({ schema: 1, built, verified: [] }));
  }

  function withoutBigInts(_key: string, value: unknown): unknown {
    return typeof value === 'bigint' ? String(value) : value;
  }

  /** All that could have been taken for a key. */
  function stringsIn(written: Buffer): string[] {
    const quoted = written.toString('utf8').match(/"(?:[^"\\]|\\.)*"/g) ?? [];
    return quoted.slice(0, 20).flatMap((text) => {
      try {
        return [JSON.parse(text) as string];
      } catch {
        return [text];
      }
    });
  }
});
