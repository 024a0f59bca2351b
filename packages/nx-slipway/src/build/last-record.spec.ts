import { execFileSync } from 'node:child_process';
import { serializeRecord } from '../image';
import { recordingReporter } from '../testing/recording-reporter';
import { useTempFolder } from '../testing/temp-folder';
import { readLastRecord } from './last-record';

const folder = useTempFolder();
const path = () => folder.at('web.json');
const SHA = `sha256:${'a'.repeat(64)}`;
const record = {
  schema: 1,
  name: 'web',
  contentId: SHA,
  platform: 'linux/amd64',
  inputHash: SHA,
} as const;

async function read() {
  const reporter = recordingReporter();
  return [await readLastRecord(path(), reporter), reporter.warnings] as const;
}

describe('the record of an earlier build', () => {
  it('is read as it was written, and need not be there', async () => {
    expect(await read()).toEqual([undefined, []]);
    await folder.write({ 'web.json': serializeRecord(record) });
    expect(await read()).toEqual([record, []]);
  });

  const text = serializeRecord(record);
  it.each([
    ['torn', text.slice(0, 60)],
    ['foreign', '{"name":"web"}'],
    ['huge', text + ' '.repeat(1_000_000)],
    ['of wrong types', text.replace('"linux/amd64"', '["linux/amd64"]')],
    ['of another path', text.replace('"web"', '"../../web"')],
    ['for a shell', text.replace('"web"', '"web; rm -rf $HOME"')],
  ])('is ignored with a warning when it is %s', async (_what, content) => {
    await folder.write({ 'web.json': content });
    const [found, warnings] = await read();
    expect(found).toBeUndefined();
    expect(warnings).toEqual([
      expect.stringMatching(/web\.json is no image record of ours \(.+\)/),
    ]);
  });

  it('is ignored with a warning when it is a pipe, and not waited for', async () => {
    execFileSync('mkfifo', [path()]);
    const [found, warnings] = await read();
    expect(found).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining('(it is a FIFO)')]);
  });
});
