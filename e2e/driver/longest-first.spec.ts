import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import LongestFirst from './longest-first.js';

describe('the order of test files', () => {
  const before = process.env.XDG_CACHE_HOME;
  let folder = '';

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-order-'));
    process.env.XDG_CACHE_HOME = join(folder, 'cache');
  });
  afterEach(async () => {
    process.env.XDG_CACHE_HOME = before;
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    await rm(folder, { recursive: true });
  });

  /** Of one project in a checkout of its own, from small to big. */
  async function checkout(name: string) {
    const rootDir = await mkdtemp(join(folder, name));
    const config = { rootDir, displayName: { name: 'e2e' }, cache: false };
    const hasteFS = { getSize: (path: string) => basename(path).length };
    return ['a', 'bb', 'ccc'].map((name) => ({
      path: join(rootDir, `${name}.spec.ts`),
      context: { config, hasteFS },
    }));
  }
  type Tests = Awaited<ReturnType<typeof checkout>>;

  const order = async (tests: Tests) =>
    (await new LongestFirst().sort(tests)).map(({ path }) =>
      basename(path, '.spec.ts'),
    );

  function ended(tests: Tests, runtimes: number[], counts = {}) {
    const testResults = runtimes.map((runtime, index) => ({
      testFilePath: tests[index]?.path,
      perfStats: { runtime },
      numPassingTests: 1,
      numFailingTests: 0,
      numPendingTests: 0,
      ...counts,
    }));
    new LongestFirst().cacheResults(tests, { testResults });
  }

  it('is by size where nothing is known', async () => {
    expect(await order(await checkout('one'))).toEqual(['ccc', 'bb', 'a']);
  });

  it('is by what they took last, also in another checkout', async () => {
    ended(await checkout('one'), [3, 1, 2]);
    expect(await order(await checkout('two'))).toEqual(['a', 'ccc', 'bb']);
  });

  it('begins with what is new', async () => {
    const tests = await checkout('one');
    ended(tests, [2, 3]);
    expect(await order(tests)).toEqual(['ccc', 'bb', 'a']);
  });

  it.each([['numFailingTests'], ['numPendingTests']])(
    'does not count a run with some %s',
    async (count) => {
      const tests = await checkout('one');
      ended(tests, [3, 2, 1]);
      ended(tests, [1, 2, 3], { [count]: 1 });
      expect(await order(tests)).toEqual(['a', 'bb', 'ccc']);
    },
  );
});
