// A module, whose names are its own.
export {};

/** The packages that this file's own loading has brought. */
function loaded(): string[] {
  const names = Object.keys(require.cache).map(
    (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? '',
  );
  return [...new Set(names)].filter((name) => name !== '');
}

it('the sources, which every graph of Nx loads, run no tool and parse no YAML until they are read', async () => {
  const { readSource } = await import('./index');
  expect(loaded()).toEqual(['picomatch']);
  // That would be seen.
  await expect(
    readSource({ kind: 'helm' } as never, {} as never),
  ).rejects.toThrow();
  expect(loaded()).toEqual(expect.arrayContaining(['execa', 'yaml']));
});
