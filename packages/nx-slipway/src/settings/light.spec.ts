/** The files of packages that this file's own loading has brought, by path. */
function loaded(): string[] {
  return Object.keys(require.cache).filter((path) =>
    path.includes('node_modules'),
  );
}

it.each(['../settings', '../locate'])(
  '%s, which every graph of Nx loads, loads no package',
  async (room) => {
    await import(room);
    expect(loaded()).toEqual([]);
  },
);

it('the manifests, which do load one, would be seen', async () => {
  await import('../manifest');
  expect(loaded()).toContainEqual(
    expect.stringContaining('node_modules/yaml/'),
  );
});
