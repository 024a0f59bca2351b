import { randomBytes } from 'node:crypto';
import { mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import fc from 'fast-check';
import type { ExecStream } from '../../cluster';
import { SlipwayError } from '../../report';
import { errorOf, slipwayError } from '../../testing/slipway-error';
import type { LinkParts } from './link';
import { breakingExec, lost } from './testing/breaking-exec';
import { batch, stateOf, useContainer, withFolders } from './testing/container';
import { SHELLS, localExec } from './testing/local-container';

const MB = 1024 * 1024;
const NEEDED = ['head', 'wc', 'cat', 'mv', 'rm', 'mkdir', 'rmdir'];

describe.each(SHELLS)('with %s', (_name, shell) => {
  const { folder, open, place, write, save, plant, look, clear } =
    useContainer(shell);
  const exec = localExec(shell);

  it('a large file is sent as it is read', async () => {
    const content = randomBytes(3 * MB).toString('hex');
    const tree = { large: `executable ${content}`, small: 'file small' };
    save(tree);
    const writes = ['large', 'small'].map((at) => write(at));
    const { states } = await open().apply(batch({ writes }));
    expect(look()).toEqual(tree);
    expect(states.get(place('large').path)).toBe(stateOf(tree.large));
  });

  it('of a large file that is cut while it is sent it is said what stands there', async () => {
    save({ large: `file ${'x'.repeat(30 * MB)}` });
    const source = folder.at('workspace/src/large');
    const cutting: LinkParts['exec'] = async (...args) => {
      const stream = await exec(...args);
      stream.stdin.on('drain', () => truncateSync(source, 10));
      return stream;
    };
    const { states } = await open({ exec: cutting }).apply(
      batch({ writes: [write('large')] }),
    );
    const { large = '' } = look();
    // Compared by parts: a pattern over so many letters can overflow V8's stack.
    const cut = large.indexOf('\0');
    const filled = 'file '.length + 30 * MB - cut;
    expect(cut).toBeGreaterThan('file '.length);
    expect(large.slice(0, cut) === 'file '.padEnd(cut, 'x')).toBe(true);
    expect(large.slice(cut) === '\0'.repeat(filled)).toBe(true);
    expect(states.get(place('large').path)).toBe(stateOf(large));
  });

  it('what is gone is told, and the rest is given', async () => {
    save({ a: 'file a', 'folder/b': 'file b' });
    const link = open();
    for (const paths of [['gone'], ['gone', 'a'], ['folder', 'a']]) {
      const writes = paths.map((at) => write(at));
      const { states } = await link.apply(batch({ writes }));
      expect(Object.fromEntries(states)).toEqual(
        Object.fromEntries(
          paths.map((at, index) => [
            place(at).path,
            index === 0 ? undefined : stateOf('file a'),
          ]),
        ),
      );
    }
    expect(look()).toEqual({ a: 'file a' });
  });

  it('wherever the connection breaks, nothing stands half, and all is given again', async () => {
    const big = 'x'.repeat(150_000);
    const before = { a: 'file old', 'b/c': 'file old', gone: 'file old' };
    const after = { a: `executable ${big}`, 'b/c': 'file new' };
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 160_000 }),
        fc.boolean(),
        async (limit, isOne) => {
          clear();
          plant(before);
          save(after);
          let opened = 0;
          const breaking = breakingExec(exec, [limit]);
          const link = open({
            exec: async (...args) => {
              opened += 1;
              const files = look();
              for (const [at, content] of Object.entries(after)) {
                const held = files[at] ?? '';
                expect([content, 'file old']).toContain(held);
              }
              return breaking(...args);
            },
          });
          const paths = isOne ? ['a'] : ['a', 'b/c'];
          const { states } = await link.apply(
            batch({
              writes: paths.map((at) => write(at)),
              deletes: isOne ? [] : [place('gone')],
            }),
          );
          link.close();
          expect(opened).toBeLessThanOrEqual(2);
          expect(states.get(place('a').path)).toBe(stateOf(after.a));
          expect(look()).toEqual(
            withFolders(isOne ? { ...before, a: after.a } : after),
          );
        },
      ),
      {
        numRuns: 5,
        examples: [
          [0, true],
          [4900, false],
          [150_000, true],
        ],
      },
    );
  }, 30_000);

  it('one that was killed leaves nothing once the next has come', async () => {
    save({ a: `file ${'x'.repeat(500_000)}`, c: 'file c', d: 'file d' });
    const end = new AbortController();
    const killing: LinkParts['exec'] = async (...args) => {
      const stream = await exec(...args);
      stream.stdin.on('drain', () => end.abort());
      return stream;
    };
    const link = open({ exec: killing, signal: end.signal });
    const writes = ['a', 'c'].map((at) => write(at));
    expect(await errorOf(link.apply(batch({ writes })))).toEqual(
      slipwayError('SLIPWAY_E_CANCELLED'),
    );
    await open().apply(batch({ writes: [write('d')] }));
    expect(look()).toEqual({ d: 'file d' });
  });

  it('a receiver that lost its connection is dead before another does anything', async () => {
    save({ a: 'file a', b: 'file b' });
    const streams: ExecStream[] = [];
    const lasting: LinkParts['exec'] = async (...args) => {
      const stream = await exec(...args);
      streams.push(stream);
      return { ...stream, close: () => undefined };
    };
    // Of a process with which this one has nothing in common.
    await open({ exec: breakingExec(lasting, [10, 10]) }).apply(
      batch({ writes: [write('a')] }),
    );
    await open().apply(batch({ writes: [write('b')] }));
    expect(await streams.at(-1)?.ended).toEqual({ exitCode: 137 });
    expect(look()).toEqual({ a: 'file a', b: 'file b' });
  });

  it('one that has no tar is given one file after the other', async () => {
    const env = { PATH: toolsAt(folder.at('bin'), [...NEEDED, 'ln', 'chmod']) };
    const link = open({ exec: localExec(inPath(shell), env) });
    const tree = { a: 'file a', 'b/c': 'executable c', d: 'link a' };
    save(tree);
    const writes = Object.keys(tree).map((at) => write(at));
    await link.apply(batch({ writes }));
    expect(look()).toEqual(withFolders(tree));
  });
});

/** A folder with these tools alone. */
function toolsAt(folder: string, tools: readonly string[]): string {
  mkdirSync(folder);
  for (const tool of tools)
    symlinkSync(`/usr/bin/${tool}`, `${folder}/${tool}`);
  return folder;
}

function inPath(shell: readonly string[]): string[] {
  return [`/usr/bin/${shell[0] ?? ''}`, ...shell.slice(1)];
}

describe('a container with too little', () => {
  const { folder, open, write, save } = useContainer(['dash']);

  it('says what it lacks', async () => {
    const env = { PATH: toolsAt(folder.at('bin'), ['cat', 'wc']) };
    const link = open({ exec: localExec(inPath(['dash']), env) });
    save({ a: 'file a' });
    const error = await errorOf(link.apply(batch({ writes: [write('a')] })));
    expect(error.message).toMatch(
      /lacks .*: no head, no mv, no rm, no mkdir\.$/,
    );
  });
});

describe('an exec that fails', () => {
  const { open, write, save, look } = useContainer(['sh']);
  const exec = localExec(['sh']);
  const failing = (...errors: Error[]) => {
    let count = 0;
    const made: LinkParts['exec'] = (...args) => {
      count += 1;
      const error = errors.shift();
      return error ? Promise.reject(error) : exec(...args);
    };
    return { made, count: () => count };
  };
  const failed = (message: string) =>
    new SlipwayError({ code: 'SLIPWAY_E_CLUSTER_FAILED', message });
  const eof = () => failed('error dialing backend: EOF (HTTP 500).');

  it('for a moment is tried again', async () => {
    save({ a: 'file a' });
    const { made } = failing(eof(), lost());
    await open({ exec: made }).apply(batch({ writes: [write('a')] }));
    expect(look()).toEqual({ a: 'file a' });
  });

  it.each([
    [[eof(), eof(), eof()], 3, /EOF/],
    [[failed('pods "web-1" not found (HTTP 404).')], 1, /not found/],
  ])('is told otherwise: %#', async (errors, times, message) => {
    save({ a: 'file a' });
    const { made, count } = failing(...errors);
    const link = open({ exec: made });
    const error = await errorOf(link.apply(batch({ writes: [write('a')] })));
    expect(error).toEqual(slipwayError('SLIPWAY_E_LIVE_UPDATE', message));
    expect(count()).toBe(times);
  });

  it('is opened no more once the link is closed', async () => {
    const { made, count } = failing();
    const link = open({ exec: made });
    link.close();
    const error = await errorOf(link.apply(batch({ writes: [write('a')] })));
    expect(error.code).toBe('SLIPWAY_E_CANCELLED');
    expect(count()).toBe(0);
  });
});

describe('a link that is made ready', () => {
  const container = useContainer(['sh']);

  it('has one stream for that and for the first batch', async () => {
    let opened = 0;
    const exec: LinkParts['exec'] = (...asked) => {
      opened += 1;
      return localExec(['sh'])(...asked);
    };
    const link = container.open({ exec });
    container.save({ a: 'file a' });
    link.prepare();
    link.prepare();
    await link.apply(batch({ writes: [container.write('a')] }));
    expect(opened).toBe(1);
    expect(container.look()).toEqual({ a: 'file a' });
  });

  it('says nothing of what is wrong before the first batch does', async () => {
    const exec = () => Promise.reject(new Error('there is no way'));
    const link = container.open({ exec });
    container.save({ a: 'file a' });
    link.prepare();
    const given = link.apply(batch({ writes: [container.write('a')] }));
    await expect(given).rejects.toThrow('there is no way');
  });
});
