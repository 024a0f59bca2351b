import { OwnWrites } from './own-writes';

describe('a build that writes into its own inputs', () => {
  it('is found when the same files change in three builds, and nothing between', () => {
    const own = new OwnWrites();
    own.built(['gen.txt', 'src/a.ts']);
    expect(own.found).toBeUndefined();
    own.built(['gen.txt']);
    expect(own.isSuspected).toBe(true);
    expect(own.found).toBeUndefined();
    own.built(['gen.txt', 'other.txt']);
    expect(own.found).toEqual(['gen.txt']);
  });

  it('is not taken for one while people save between its runs', () => {
    const own = new OwnWrites();
    for (let build = 0; build < 10; build += 1) {
      own.built(['src/a.ts']);
      own.savedBetween();
    }
    expect(own.found).toBeUndefined();
  });

  it('is not taken for one when other files change each time', () => {
    const own = new OwnWrites();
    for (let build = 0; build < 10; build += 1) own.built([`src/${build}.ts`]);
    expect(own.found).toBeUndefined();
    expect(own.isSuspected).toBe(false);
  });

  it('is forgiven by a run that changes nothing', () => {
    const own = new OwnWrites();
    for (const moved of [['a'], ['a'], []]) own.built(moved);
    expect(own.isSuspected).toBe(false);
    own.built(['a']);
    expect(own.found).toBeUndefined();
  });

  it('is no reason to be stopped for what it writes itself', () => {
    const own = new OwnWrites();
    own.built(['gen.txt']);
    expect(own.explains(['gen.txt'])).toBe(true);
    expect(own.explains(['gen.txt', 'src/a.ts'])).toBe(false);
    expect(own.explains([])).toBe(false);
  });
});
