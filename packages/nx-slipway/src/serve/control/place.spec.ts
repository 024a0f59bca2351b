import { controlFolders, pidInName, socketName, workspaceKey } from './place';

describe('the place of a serve', () => {
  it.each([
    [
      'linux',
      { XDG_RUNTIME_DIR: '/run/me', TMPDIR: '/var/tmp/' },
      ['/run/me', '/run/user/7', '/var/tmp', '/tmp'],
    ],
    [
      'linux',
      { XDG_RUNTIME_DIR: 'run', TMPDIR: '/tmp' },
      ['/run/user/7', '/tmp'],
    ],
    ['darwin', { TMPDIR: '/var/folders/T/' }, ['/var/folders/T', '/tmp']],
  ] as const)('on %s with %j is below %j', (platform, env, parents) => {
    const folders = controlFolders({ platform, env, uid: 7 });
    expect(folders).toEqual(parents.map((path) => `${path}/nx-slipway-7`));
  });

  it('on Windows is a pipe, which is told from those of others', () => {
    const user = { platform: 'win32', env: {}, uid: undefined } as const;
    const folders = controlFolders(user);
    expect(folders).toEqual(['\\\\.\\pipe\\']);
    const workspace = workspaceKey('C:\\work\\shop', 'host');
    const name = socketName({ folders, workspace }, 4711, 'abcdef');
    expect(name).toBe(`nx-slipway-${workspace}-4711-abcdef`);
    expect(pidInName(name, workspace)).toBe(4711);
    expect(pidInName('docker_engine', workspace)).toBeUndefined();
  });

  it('fits into the folder for temporary files of macOS', () => {
    const tmpdir = `/var/folders/zz/${'x'.repeat(30)}/T`;
    const [folder = ''] = controlFolders({
      platform: 'darwin',
      env: { TMPDIR: tmpdir },
      uid: 501,
    });
    const place = { folders: [folder], workspace: workspaceKey('/', 'host') };
    const name = socketName(place, 99_999, 'abcdef');
    expect(`${folder}/${name}`.length).toBeLessThanOrEqual(103);
  });

  it('is known by its name to be of a workspace', () => {
    const workspace = workspaceKey('/ws/shop', 'host');
    const place = { folders: ['/tmp'], workspace };
    const name = socketName(place, 7, '012345');
    expect(pidInName(name, workspace)).toBe(7);
    expect(pidInName(name, workspaceKey('/ws/shop', 'other'))).toBe(undefined);
    expect(pidInName(name, workspaceKey('/work', 'host'))).toBe(undefined);
    expect(pidInName(`${name}.new`, workspace)).toBe(undefined);
  });
});
