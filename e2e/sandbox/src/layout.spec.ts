import { cacheFolder, layoutOf } from './layout';

describe('layoutOf', () => {
  it('gives two users of one name two sandboxes', () => {
    const [one, other] = ['/home/a/cache', '/home/b/cache'].map((base) =>
      layoutOf('default', base),
    );
    expect(one?.id).not.toBe(other?.id);
    expect(one?.cgroup).not.toBe(other?.cgroup);
    expect(one?.links.docker).not.toBe(other?.links.docker);
  });

  it('keeps sockets and links as short as the kernel wants them', () => {
    const layout = layoutOf('a'.repeat(20), `/${'long/'.repeat(40)}`);
    expect(layout.dockerSocket.length).toBeLessThan(108);
    expect(layout.containerdSocket.length).toBeLessThan(108);
    for (const link of Object.values(layout.links)) {
      expect(link.length).toBeLessThanOrEqual(15);
    }
  });

  it.each(['', 'A', '-a', '../x', 'a/b', 'a'.repeat(21)])(
    'refuses the name "%s"',
    (name) => {
      expect(() => layoutOf(name, '/cache')).toThrow(
        expect.objectContaining({ code: 'SANDBOX_E_NAME' }) as Error,
      );
    },
  );
});

it('finds the cache where XDG says, else in the home', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/c' }, '/h')).toBe('/c/nx-slipway');
  expect(cacheFolder({ XDG_CACHE_HOME: '' }, '/h')).toBe(
    '/h/.cache/nx-slipway',
  );
});
