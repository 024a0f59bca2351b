import { mountsUnder } from './mounts';

const line = (path: string) => `36 35 98:0 / ${path} rw - ext4 /dev/x rw`;

it('lists mounts under a folder, the last mounted first', () => {
  const paths = ['/', '/run/a', '/run/ab', '/run/a/b', '/run/a/with\\040blank'];
  expect(mountsUnder(paths.map(line).join('\n'), '/run/a')).toEqual([
    '/run/a/with blank',
    '/run/a/b',
    '/run/a',
  ]);
});
