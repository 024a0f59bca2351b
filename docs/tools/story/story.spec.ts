import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPage } from '../page';
import { stepsOf } from './steps';
import { Story, type Replacements } from './tell';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-story-test-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** A page whose blocks are their info and their text. */
const page = (...blocks: [string, string][]) =>
  readPage(
    'a.md',
    blocks.map(([info, text]) => `\`\`\`${info}\n${text}\n\`\`\`\n`).join('\n'),
  );

const tell = (blocks: [string, string][], replacements: Replacements = []) =>
  Story.tell(
    stepsOf(page(...blocks)),
    { cwd: folder, env: { PATH: process.env.PATH } },
    replacements,
  );

it('goes where the blocks go, and keeps what they export', async () => {
  await tell([
    ['sh run', 'mkdir a b\ncd a\nexport WHO="a reader\nof docs"'],
    ['txt file=c/d.txt', 'host'],
    ['sh run', 'cat c/d.txt > said; echo "$WHO" >> said'],
    ['sh', 'exit 1'],
  ]);
  const said = await readFile(join(folder, 'a/said'), 'utf8');
  expect(said).toBe('host\na reader\nof docs\n');
});

it('ends with the block that fails, and names its line', async () => {
  const blocks: [string, string][] = [
    ['sh run', 'true'],
    ['sh run', 'false\ntouch after'],
    ['sh run', 'touch after'],
  ];
  await expect(tell(blocks)).rejects.toThrow(/^line 5: .*ended with 1/s);
  expect(existsSync(join(folder, 'after'))).toBe(false);
});

it('knows a block that should have failed', async () => {
  await tell([['sh run fails', 'false']]);
  await expect(tell([['sh run fails', 'true']])).rejects.toThrow(/with 0/);
});

it('looks for what a block must print', async () => {
  const run: [string, string] = ['sh run', 'echo one; echo two >&2'];
  await tell([run, ['text expect', '…\none\n…\nt…o']]);
  const other: [string, string] = ['text expect', 'three'];
  await expect(tell([run, other])).rejects.toThrow(/^line 5: "three" is/);
});

it('repeats a block until it prints what it should', async () => {
  const script = 'echo x >> count\nwc -l < count\nfalse';
  await tell([['sh run fails until="3"', script]]);
  expect(await readFile(join(folder, 'count'), 'utf8')).toBe('x\nx\nx\n');
});

it('lets a block run until the end, hears it anew each time, and ends it', async () => {
  const script =
    'echo $$ > pid; echo ready; while :; do cat say 2>/dev/null && rm say; sleep 0.02; done';
  await tell([
    ['sh run background until="ready"', script],
    ['sh run', 'echo saved > next; mv next say'],
    ['text expect background', 'saved'],
    ['sh run', 'echo saved > next; mv next say'],
    ['text expect background', 'saved'],
  ]);
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

it('tells of a background block that ends too early', async () => {
  const block: [string, string] = ['sh run background until="x"', 'echo y'];
  await expect(tell([block])).rejects.toThrow(/^line 1: ended before x/);
});

it('replaces what is another here, in all blocks', async () => {
  await tell(
    [
      ['txt file=a', 'HOST'],
      ['sh run', 'cat a; echo HOST'],
      ['text expect', 'here\nhere'],
    ],
    [['HOST', 'here']],
  );
});

it.each(['sh run soon', 'sh run until=x for=y', 'text expect run2'])(
  'refuses a block of %j, whose words it does not know',
  (info) => {
    expect(() => stepsOf(page([info, 'true']))).toThrow(/^line 1: .* knows no/);
  },
);
