import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { slipwayError } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { forgetWrittenRef, readWrittenRef } from './output-file';

const workspace = useTempFolder();
const outside = useTempFolder();

function plan(path = 'dist/ref.txt') {
  const source = { kind: 'file', path: workspace.at(path) } as const;
  return { root: workspace.path, source };
}
const refused = (why: RegExp) => slipwayError('SLIPWAY_E_OUTPUT_REF', why);

describe('the file of outputsImageRefTo', () => {
  it('is read as the command has written it', async () => {
    await workspace.write({ 'dist/ref.txt': '\ufeffgcr.io/acme/x:v1\r\n' });
    expect(await readWrittenRef(plan())).toEqual({
      ref: { domain: 'gcr.io', path: 'acme/x', tag: 'v1' },
      kind: 'text',
    });
  });

  it('is not that of an earlier run', async () => {
    await workspace.write({ 'dist/ref.txt': 'x:1' });
    await forgetWrittenRef(plan());
    await expect(readWrittenRef(plan())).rejects.toEqual(
      refused(/has not written its image ref/),
    );
  });

  it('need not have a folder before the command runs', async () => {
    await forgetWrittenRef(plan('none/ref.txt'));
    await forgetWrittenRef({ ...plan(), source: { kind: 'expected' } });
  });

  it('may be a link within the workspace', async () => {
    await workspace.write({ 'out/ref.txt': 'x:1' });
    await symlink(workspace.at('out'), workspace.at('dist'));
    expect(await readWrittenRef(plan())).toMatchObject({ ref: { tag: '1' } });
  });

  it('leads nowhere else, before and after', async () => {
    await outside.write({ 'ref.txt': 'x:1' });
    await symlink(outside.path, workspace.at('dist'));
    await expect(forgetWrittenRef(plan())).rejects.toEqual(
      refused(/leads out of the workspace/),
    );
    await symlink(outside.at('ref.txt'), workspace.at('link.txt'));
    await expect(readWrittenRef(plan('link.txt'))).rejects.toEqual(
      refused(/leads out of the workspace/),
    );
  });

  it('takes a link away itself, never what it leads to', async () => {
    await outside.write({ 'ref.txt': 'x:1' });
    await symlink(outside.at('ref.txt'), workspace.at('ref.txt'));
    await forgetWrittenRef(plan('ref.txt'));
    expect(
      execFileSync('cat', [outside.at('ref.txt')], { encoding: 'utf8' }),
    ).toBe('x:1');
  });

  it('does not wait for a pipe, and reads no folder', async () => {
    await mkdir(workspace.at('dist'), { recursive: true });
    execFileSync('mkfifo', [workspace.at('dist/ref.txt')]);
    await expect(readWrittenRef(plan())).rejects.toEqual(refused(/a FIFO/));
    await expect(readWrittenRef(plan('dist'))).rejects.toEqual(
      refused(/a directory/),
    );
    await expect(forgetWrittenRef(plan('dist'))).rejects.toEqual(
      refused(/cannot be deleted/),
    );
  });

  it('is not read on and on', async () => {
    await writeFile(workspace.at('ref.txt'), Buffer.alloc(1024 * 1024, 'x'));
    await expect(readWrittenRef(plan('ref.txt'))).rejects.toEqual(
      refused(/longer than 65536 bytes/),
    );
  });
});
