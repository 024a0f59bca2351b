import { isFar, mountPoint } from './mounts';

it.each([
  ['overlay / overlay rw,relatime,lowerdir=/a:/b 0 0', '/'],
  ['/dev/vda /app/node_modules ext4 rw 0 0', '/app/node_modules'],
  ['tmpfs /two\\040words\\134\\011\\012 tmpfs rw 0 0', '/two words\\\t\n'],
  ['tmpfs /ünï tmpfs rw 0 0', '/ünï'],
  ['missing tar', undefined],
  ['ready', undefined],
])('%j is mounted at %j', (line, point) => {
  expect(mountPoint(line)).toBe(point);
});

it.each([
  ['/app/data/x', '/app', true],
  ['/app/data', '/app', true],
  ['/app/src', '/app', false],
  ['/app/data/x', '/app/data', false],
  ['/app/database', '/app', false],
  ['/app/data', '', true],
])('%j is far from %j: %j', (folder, above, isIt) => {
  expect(isFar(folder, above, ['/', '/app', '/app/data'])).toBe(isIt);
});
