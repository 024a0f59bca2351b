import { parseHierarchies, trackingHierarchy } from './cgroup';

const HYBRID = `tmpfs /sys/fs/cgroup tmpfs rw,mode=755 0 0
cgroup /sys/fs/cgroup/cpu cgroup rw,relatime,cpu 0 0
cgroup /sys/fs/cgroup/pids cgroup rw,relatime,pids 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw,relatime 0 0
`;
const UNIFIED = 'cgroup2 /sys/fs/cgroup cgroup2 rw,nsdelegate 0 0\n';

describe('trackingHierarchy', () => {
  it('is one that runc uses, too, on a hybrid machine', () => {
    const found = trackingHierarchy(parseHierarchies(HYBRID));
    expect(found?.mount).toBe('/sys/fs/cgroup/pids');
  });

  it('is the only one on a v2 machine', () => {
    const found = trackingHierarchy(parseHierarchies(UNIFIED));
    expect(found).toMatchObject({ mount: '/sys/fs/cgroup', version: 2 });
  });

  it('is none without cgroups', () => {
    expect(trackingHierarchy(parseHierarchies(''))).toBeUndefined();
  });
});
