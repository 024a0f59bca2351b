import { chmod, rm, writeFile } from 'node:fs/promises';
import { useWatcher } from './testing/use-watcher';

const { temp, open } = useWatcher();
const NOBODY = 65_534;

describe('a folder that cannot be read', () => {
  // Permissions hold for nobody who is root.
  const isRoot = process.getuid?.() === 0;
  beforeEach(async () => {
    await chmod(temp.path, 0o777);
    if (isRoot) process.seteuid?.(NOBODY);
  });
  afterEach(() => {
    if (isRoot) process.seteuid?.(0);
  });

  it('is told to the user once, and others go on', async () => {
    await temp.write({ 'src/closed/file': '', 'src/file': '' });
    await chmod(temp.at('src/closed'), 0);
    const { watch, hears, warnings } = open();
    await watch('src');
    await watch('src', 'src/file');
    await watch('src');
    expect(warnings).toEqual([
      `Changes in ${temp.at('src/closed')} are not seen: it cannot be read (EACCES).`,
    ]);
    await writeFile(temp.at('src/file'), 'new');
    await hears('src/file');
  });

  it('is watched once it can be', async () => {
    await temp.write({ 'src/closed/deep/file': '' });
    await chmod(temp.at('src/closed'), 0);
    const { watch, hears } = open();
    await watch('src');
    await chmod(temp.at('src/closed'), 0o755);
    await hears('src/closed', 'src/closed/deep');
    await writeFile(temp.at('src/closed/deep/file'), 'new');
    await hears('src/closed/deep/file');
  });

  it('may hold a tree, which may come anew once it can be', async () => {
    await temp.write({ 'closed/src/file': '' });
    await chmod(temp.at('closed'), 0o311);
    const { watch, hears, warnings } = open();
    await watch('closed/src');
    expect(warnings).toEqual([expect.stringContaining(temp.at('closed'))]);
    await writeFile(temp.at('closed/src/file'), 'new');
    await hears('closed/src/file');
    // Of its own end a folder tells itself.
    await rm(temp.at('closed/src'), { recursive: true });
    await hears('closed/src');
    await temp.write({ 'closed/src/file': '' });
    await chmod(temp.at('closed'), 0o755);
    await hears('closed/src');
    await writeFile(temp.at('closed/src/file'), 'new');
    await hears('closed/src/file');
  });

  it('is of no concern further above', async () => {
    await temp.write({ 'closed/app/src/file': '' });
    await chmod(temp.at('closed'), 0o311);
    const { watch, hears, warnings } = open();
    await watch('closed/app/src');
    await writeFile(temp.at('closed/app/src/file'), 'new');
    await hears('closed/app/src/file');
    expect(warnings).toEqual([]);
  });
});
