import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { batch, useContainer } from './testing/container';
import { SHELLS } from './testing/local-container';

const COUNT = 20;

/** Reads files again and again; says what it sees that is not whole. */
const READER = `
const { readFileSync } = require('node:fs');
let isOver = false, reads = 0;
process.stdin.on('end', () => (isOver = true)).resume();
process.stdout.write('reading\\n');
const look = () => {
  for (const path of process.argv.slice(1)) {
    const content = readFileSync(path, 'latin1');
    const isWhole = content.length === 200000 && !/(.)(?!\\1)./s.test(content);
    if (!isWhole) console.log(path, content.length);
    reads += 1;
  }
  if (!isOver) setImmediate(look);
  else console.log(reads > 0 ? 'read' : 'read nothing');
};
look();
`;

describe.each(SHELLS)('in a container with %s', (_name, shell) => {
  const { open, place, write, save } = useContainer(shell);

  it('whoever reads a file sees it whole, old or new', async () => {
    const link = open();
    const paths = ['a', 'b', 'c/d'];
    const give = async (count: number, ...given: string[]) => {
      const content = `file ${String(count % 10).repeat(200_000)}`;
      save(Object.fromEntries(given.map((path) => [path, content])));
      const writes = given.map((path) => write(path, `file ${count}`));
      await link.apply(batch({ writes }));
    };
    await give(0, ...paths);
    const reader = spawn(
      process.execPath,
      ['-e', READER, ...paths.map((path) => place(path).path)],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    await once(reader.stdout, 'readable');
    for (let count = 1; count <= COUNT; count++) {
      await give(count, ...(count % 2 ? ['a'] : paths));
    }
    reader.stdin.end();
    expect(await text(reader.stdout)).toBe('reading\nread\n');
  });
});
