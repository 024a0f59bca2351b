import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import {
  chmod,
  chown,
  mkdir,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { slipwayError } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { askServes, findServes } from './ask-serves';
import { controlPlace, type ControlPlace } from './place';
import { startControl, type Control } from './start-control';
import { recordingControls } from './testing/recording-controls';
import { useServeChildren } from './testing/serve-children';

const temp = useTempFolder();
const startServe = useServeChildren();
const uid = process.getuid?.() ?? 0;

let open: Control[] = [];
afterEach(async () => {
  await Promise.all(open.map((control) => control.close()));
  open = [];
});

/** The sockets of this test are in its own folder. */
async function here(root = temp.path): Promise<ControlPlace> {
  const place = await controlPlace(root, {});
  return { ...place, folders: [temp.at('run', `nx-slipway-${uid}`)] };
}

const env = () => ({ XDG_RUNTIME_DIR: temp.at('run') });
const folder = () => temp.at('run', `nx-slipway-${uid}`);
const files = () => readdirSync(folder());

beforeEach(() => mkdir(temp.at('run')));

async function start(place: ControlPlace, ...images: string[]) {
  const asked: string[] = [];
  const control = await startControl(
    place,
    recordingControls(images, (line) => asked.push(line)),
  );
  open.push(control);
  return { asked, control };
}

const status = async (place: ControlPlace) =>
  askServes(await findServes(place), { ask: 'status' });

/** What comes back of some bytes. */
async function say(address: string, bytes: string | Buffer): Promise<string> {
  const socket = connect(address);
  socket.on('error', () => undefined);
  socket.write(bytes);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

describe('a serve that can be asked', () => {
  it("answers, in a socket that is its user's own", async () => {
    const place = await here();
    await start(place, 'api');
    const answers = await status(place);
    expect(answers).toEqual([
      {
        pid: process.pid,
        address: expect.stringContaining(folder()) as string,
        status: expect.objectContaining({
          schema: 1,
          pid: process.pid,
        }) as unknown,
      },
    ]);
    const { address } = answers[0]!;
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
    expect(statSync(address).mode & 0o777).toBe(0o600);
    expect(statSync(address).isSocket()).toBe(true);
  });

  it('is found by its workspace, whichever way leads there', async () => {
    await mkdir(temp.at('a'));
    await mkdir(temp.at('b'));
    await symlink(temp.at('a'), temp.at('link'));
    await start(await here(temp.at('a')), 'api');
    expect(await status(await here(temp.at('link')))).toHaveLength(1);
    expect(await status(await here(temp.at('b')))).toEqual([]);
  });

  it('leaves nothing when it is closed, nor keeps who asks', async () => {
    const place = await here();
    const { control } = await start(place);
    const [serve] = await findServes(place);
    const asking = connect(serve!.address);
    asking.on('error', () => undefined);
    await new Promise((resolve) => asking.once('connect', resolve));
    const closed = new Promise((resolve) => asking.once('close', resolve));
    await control.close();
    await closed;
    expect(files()).toEqual([]);
    expect(await status(place)).toEqual([]);
  });

  it.each([
    ['nothing but an end', '\n'],
    ['no JSON', 'GET / HTTP/1.1\n'],
    ['another version', '{"protocol":9}\n'],
    ['two lines', '{"protocol":9}\n{"protocol":1,"ask":"pause"}\n'],
  ])('answers %s with an error', async (_what, text) => {
    const place = await here();
    const { asked } = await start(place);
    const [serve] = await findServes(place);
    expect(await say(serve!.address, text)).toMatch(/^\{.*NO_SERVE.*\}\n$/);
    expect(asked).toEqual([]);
    expect(await status(place)).toHaveLength(1);
  });

  it('listens to no more than a request', async () => {
    const place = await here();
    await start(place);
    const [serve] = await findServes(place);
    expect(await say(serve!.address, randomBytes(1e6).fill(7))).toBe('');
    expect(await say(serve!.address, `${'x'.repeat(5000)}\n`)).toBe('');
    expect(await status(place)).toHaveLength(1);
  });

  it('outlives those that go while they ask', async () => {
    const place = await here();
    await start(place);
    const [serve] = await findServes(place);
    for (let count = 0; count < 50; count++) {
      const socket = connect(serve!.address);
      socket.on('error', () => undefined);
      socket.write('{"protocol":1,"ask":"status"}\n');
      socket.once('connect', () => socket.destroy());
      await new Promise((resolve) => socket.once('close', resolve));
    }
    expect(await status(place)).toHaveLength(1);
  });
});

describe('several serves of a workspace', () => {
  it('are all found and asked', async () => {
    const [one, two] = await Promise.all([
      startServe(env(), temp.path, 'api'),
      startServe(env(), temp.path, 'web'),
    ]);
    const place = await here();
    const serves = await findServes(place);
    expect(serves.map(({ pid }) => pid).sort()).toEqual(
      [one.pid, two.pid].sort(),
    );
    await askServes(serves, { ask: 'pause' });
    await Promise.all([one.says('pause'), two.says('pause')]);
  });

  it('do not lose their socket to one that ends', async () => {
    const place = await here();
    const old = await startServe(env(), temp.path, 'api');
    await start(place, 'api');
    await old.end();
    expect(old.lines).toContain('closed');
    expect(await status(place)).toMatchObject([{ pid: process.pid }]);
  });
});

describe('a serve that was killed', () => {
  it('is taken away by who asks next', async () => {
    const child = await startServe(env(), temp.path);
    await child.kill();
    expect(files()).toHaveLength(1);
    expect(await status(await here())).toEqual([]);
    expect(files()).toEqual([]);
  });

  it('is taken away by the next that starts, and no other', async () => {
    const [killed, other] = await Promise.all([
      startServe(env(), temp.path),
      startServe(env(), temp.path),
    ]);
    await killed.kill();
    const place = await here();
    await start(place);
    const pids = (await findServes(place)).map(({ pid }) => pid);
    expect(pids.sort()).toEqual([other.pid, process.pid].sort());
    expect(files()).toHaveLength(2);
  });

  it('before its socket had a name is taken away after a while', async () => {
    const place = await here();
    await mkdir(folder(), { mode: 0o700 });
    const old = join(folder(), `${place.workspace}-000000.new`);
    const young = join(folder(), `${place.workspace}-000001.new`);
    const foreign = join(folder(), `${'0'.repeat(16)}-000001.new`);
    for (const path of [old, young, foreign]) {
      await leaveSocket(path);
      if (path !== young) await utimes(path, 1, 1);
    }
    await start(place);
    expect(
      files()
        .filter((name) => name.endsWith('.new'))
        .sort(),
    ).toEqual(
      [foreign, young].map((path) => path.slice(folder().length + 1)).sort(),
    );
  });
});

/** The file of a socket on which nobody listens. */
async function leaveSocket(path: string) {
  const code = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
  await new Promise((resolve) => child.once('close', resolve));
}

describe('a serve that does not answer', () => {
  it('is told as such', async () => {
    const child = await startServe(env(), temp.path);
    child.signal('SIGSTOP');
    const serves = await findServes(await here());
    expect(await askServes(serves, { ask: 'status' }, 200)).toEqual([
      {
        ...serves[0],
        fault: {
          code: 'SLIPWAY_E_NO_SERVE',
          message: 'it has not answered for 200ms.',
          hint: expect.stringContaining('start nx serve again') as string,
        },
      },
    ]);
    expect(files()).toHaveLength(1);
  });

  it('or too much, or something else, is not believed', async () => {
    const place = await here();
    await mkdir(folder(), { mode: 0o700 });
    const address = join(folder(), `${place.workspace}-1-abcdef.sock`);
    const answers = ['hello\n', 'x'.repeat(5e6), '{"protocol":1,"status":1}\n'];
    const server = createServer((socket) => {
      socket.on('error', () => undefined).resume();
      socket.end(answers.shift() ?? '');
    });
    await new Promise<void>((resolve) => server.listen(address, resolve));
    try {
      expect(await status(place)).toMatchObject([{ fault: {} }]);
      expect(await status(place)).toEqual([]);
      expect(await status(place)).toMatchObject([{ fault: {} }]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe('a folder', () => {
  const refused = (why: RegExp) => slipwayError('SLIPWAY_E_STATE', why);

  // Nobody else can give a folder away.
  (uid === 0 ? it : it.skip)("that is another's is refused", async () => {
    const place = await here();
    const { control } = await start(place);
    await chown(folder(), 4711, 0);
    expect(await status(place)).toEqual([]);
    await expect(start(place)).rejects.toEqual(
      refused(/belongs to the user 4711/),
    );
    await control.close();
  });

  it.each([
    ["another's", /belongs to the user/, () => Promise.resolve(), uid + 1],
    [
      'open to a group',
      /open to others \(mode 770\)/,
      () => chmod(folder(), 0o770),
      uid,
    ],
    ['open to all', /mode 707/, () => chmod(folder(), 0o707), uid],
  ])(
    'that is %s is refused, and believed by nobody',
    async (_who, why, stage, asker) => {
      const own = await here();
      await start(own);
      await stage();
      const place = { ...own, uid: asker };
      expect(await status(place)).toEqual([]);
      await expect(start(place)).rejects.toEqual(refused(why));
    },
  );

  it('that is a link or a file is refused', async () => {
    const place = await here();
    await mkdir(temp.at('elsewhere'), { mode: 0o700 });
    await symlink(temp.at('elsewhere'), folder());
    await expect(start(place)).rejects.toEqual(refused(/is no folder/));
    await writeFile(temp.at('file'), '');
    const beside = { ...place, folders: [temp.at('file')] };
    await expect(start(beside)).rejects.toEqual(refused(/is no folder/));
  });

  it('that cannot be had is passed over for the next', async () => {
    const place = await here();
    const long = temp.at('x'.repeat(90));
    await mkdir(long);
    const none = temp.at('none', 'below');
    const folders = [none, join(long, 'nx-slipway'), ...place.folders];
    await start({ ...place, folders });
    expect(files()).toHaveLength(1);
    expect(await status({ ...place, folders })).toHaveLength(1);
  });

  it('that nobody can have is an error', async () => {
    const place = await here();
    await expect(start({ ...place, folders: [] })).rejects.toEqual(
      refused(/all paths are too long/),
    );
    const folders = [temp.at('none', 'below')];
    await expect(start({ ...place, folders })).rejects.toEqual(
      refused(/ENOENT/),
    );
  });
});
