import { Superseding } from './supersede';

describe('a build that is under way', () => {
  it('gives way twice in a row, and the third arrives', () => {
    const builds = new Superseding('restart');
    expect(builds.mayStop()).toBe(true);
    builds.stopped();
    expect(builds.mayStop()).toBe(true);
    builds.stopped();
    expect(builds.mayStop()).toBe(false);
    builds.ended();
    expect(builds.mayStop()).toBe(true);
  });

  it('never gives way if it is to finish', () => {
    expect(new Superseding('finish').mayStop()).toBe(false);
  });
});
