import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NxProcess } from './support/serve-process';
import { git as inRoot } from './support/git';
import { OneBuild } from './support/one-build';
import { ServeStage, deployment } from './support/serve-stage';

const APP = 'Deployment/app';
const MANY = 10_000;
const FAR_FUTURE = new Date('2099-01-01');

let stage: ServeStage;
let serve: NxProcess;
let builds: OneBuild;
let outside: string;

beforeAll(async () => {
  stage = await ServeStage.create();
  outside = await mkdtemp(join(tmpdir(), 'slipway-outside-'));
  await stage.addImage('app', { options: { deps: ['src', 'dep'] } });
  await stage.workspace.write('apps/app/dep', '1');
  await stage.addImage('other');
  await stage.addProject('shop', {
    'app.yaml': deployment('app'),
    'other.yaml': deployment('other'),
  });
  await stage.workspace.write('.gitignore', 'node_modules\n.nx\n.run\n');
  await stage.workspace.commitAll();
  serve = stage.serve('shop');
  builds = new OneBuild(stage, serve, 'other');
  await serve.upToDate();
  await stage.log.taken();
});

afterAll(async () => {
  await stage.remove();
  await rm(outside, { recursive: true });
});

beforeEach(() => serve.skip());

const at = (path: string) => join(stage.workspace.root, 'apps/app', path);
const FILE = 'src/index.html';
const buildsOnce = (change: () => unknown) => builds.of('app', change);
const buildsNothing = (change: () => unknown) => builds.none(change);

/** What the cluster runs in the end is made of that text. */
const runs = (text: string) =>
  stage.until(`${APP} of ${text}`, async () => {
    const found = await stage.textOf('shop', APP).catch(pulledText);
    return found === text;
  });

/** What was taken from the registry, where it was built before, Docker has not. */
async function pulledText(): Promise<string> {
  const { host, hostFromCluster } = stage.workspace.sandbox.registry;
  const { image = '' } = (await stage.written('shop'))[APP] ?? {};
  const [tagged = ''] = image.replace(hostFromCluster, host).split('@');
  await stage.workspace.docker('pull', '--quiet', tagged);
  return stage.textOf('shop', APP);
}

/** What editors do before, for, and after a save. */
interface Editor {
  readonly open?: (file: string) => void;
  readonly save: (file: string, text: string) => void;
  readonly close?: (file: string) => void;
}

const beside = (file: string, name: string) => file.replace(/[^/]*$/, name);

const EDITORS: Record<string, Editor> = {
  'vim with a backup': {
    open: (file) => writeFileSync(beside(file, '.index.html.swp'), 'b0VIM'),
    save: (file, text) => {
      writeFileSync(beside(file, '4913'), '');
      unlinkSync(beside(file, '4913'));
      renameSync(file, `${file}~`);
      writeFileSync(file, text);
      chmodSync(file, 0o644);
      unlinkSync(`${file}~`);
    },
    close: (file) => unlinkSync(beside(file, '.index.html.swp')),
  },
  'a JetBrains IDE': {
    save: (file, text) => {
      writeFileSync(`${file}___jb_tmp___`, text);
      renameSync(file, `${file}___jb_old___`);
      renameSync(`${file}___jb_tmp___`, file);
      unlinkSync(`${file}___jb_old___`);
    },
  },
  Emacs: {
    open: (file) => symlinkSync('me@here.1', beside(file, '.#index.html')),
    save: (file, text) => {
      writeFileSync(beside(file, '#index.html#'), text);
      renameSync(file, `${file}~`);
      writeFileSync(file, text);
      unlinkSync(beside(file, '#index.html#'));
    },
    close: (file) => {
      unlinkSync(beside(file, '.#index.html'));
      unlinkSync(`${file}~`);
    },
  },
  'a rename over it': {
    save: (file, text) => {
      writeFileSync(`${file}.tmp`, text);
      renameSync(`${file}.tmp`, file);
    },
  },
  'removing it first': {
    save: (file, text) => {
      unlinkSync(file);
      writeFileSync(file, text);
    },
  },
};

describe('a save', () => {
  it.each(Object.entries(EDITORS))(
    'by %s is one build, and what else it writes is none',
    async (name, { open, save, close }) => {
      if (open) await buildsNothing(() => open(at(FILE)));
      await buildsOnce(() => save(at(FILE), `${name}\n`));
      await runs(name);
      if (close) await buildsNothing(() => close(at(FILE)));
    },
  );

  it('of the executable bit alone is one build', async () => {
    await buildsOnce(() => chmodSync(at(FILE), 0o755));
    await buildsOnce(() => chmodSync(at(FILE), 0o644));
  });

  it('that renames a file to the same letters is one build', async () => {
    await buildsOnce(() => writeFileSync(at('src/Readme'), '1'));
    await buildsOnce(() => renameSync(at('src/Readme'), at('src/README')));
    await buildsOnce(() => unlinkSync(at('src/README')));
  });

  it('with a time that is to come is one build, as is the next with the same time and size', async () => {
    const save = (text: string) => {
      writeFileSync(at(FILE), text);
      utimesSync(at(FILE), FAR_FUTURE, FAR_FUTURE);
    };
    await buildsOnce(() => save('future 1\n'));
    const before = statSync(at(FILE));
    await buildsOnce(() => save('future 2\n'));
    const after = statSync(at(FILE));
    expect([after.size, after.mtimeMs]).toEqual([before.size, before.mtimeMs]);
    await runs('future 2');
  });

  it('that takes long arrives when it is over', async () => {
    const words = Array.from({ length: 40 }, (_, word) => ` ${word}`);
    writeFileSync(at(FILE), 'growing');
    for (const word of words) {
      await appendFile(at(FILE), word);
      await sleep(20);
    }
    await runs(['growing', ...words].join(''));
    await serve.upToDate();
    await stage.log.taken();
  });
});

describe('folders', () => {
  it('that files become, and files that folders become, are built with what is in them', async () => {
    await buildsOnce(() => writeFileSync(at('src/thing'), 'file'));
    await buildsOnce(() => {
      unlinkSync(at('src/thing'));
      mkdirSync(at('src/thing/deep'), { recursive: true });
      writeFileSync(at('src/thing/deep/file'), '1');
    });
    await buildsOnce(() => writeFileSync(at('src/thing/deep/file'), '2'));
    await buildsOnce(() => {
      rmSync(at('src/thing'), { recursive: true });
      writeFileSync(at('src/thing'), 'file again');
    });
    await buildsOnce(() => writeFileSync(at('src/thing'), 'file at last'));
    await buildsOnce(() => unlinkSync(at('src/thing')));
  });

  it('that are gone are told of, and what comes back in their place is built and watched', async () => {
    rmSync(at('src'), { recursive: true });
    await serve.state('app', 'failed');
    mkdirSync(at('src'));
    await stage.save('app', 'back\n');
    await runs('back');
    await serve.upToDate();
    await stage.log.taken();
    await buildsOnce(() => stage.save('app', 'back and well\n'));
    await runs('back and well');
  });

  it('that are put in the place of others are built and watched', async () => {
    mkdirSync(at('next'));
    writeFileSync(at('next/index.html'), 'swapped\n');
    renameSync(at('src'), at('last'));
    // A build that looks just now fails.
    renameSync(at('next'), at('src'));
    await runs('swapped');
    await serve.upToDate();
    await stage.log.taken();
    rmSync(at('last'), { recursive: true });
    await buildsOnce(() => stage.save('app', 'swapped and well\n'));
  });
});

describe('Git', () => {
  const git = (...args: string[]) => stage.workspace.git(...args);

  /** A branch that is made somewhere else, so that nothing of it was served. */
  async function branch(name: string, change: (root: string) => void) {
    const root = join(outside, name);
    await git('worktree', 'add', '--quiet', '-b', name, root);
    change(root);
    await inRoot(root, 'add', '--all');
    await inRoot(root, 'commit', '--quiet', '-m', name);
    await git('worktree', 'remove', root);
  }

  const checkout = (name: string) => git('checkout', '--quiet', name);

  beforeAll(async () => {
    await stage.save('app', 'main\n');
    await stage.workspace.commitAll('main');
    await git('branch', '-M', 'main');
    await runs('main');
    await serve.upToDate();
  });

  afterEach(() => git('checkout', '--quiet', '-f', 'main'));

  it('a checkout that changes thousands of files is one build', async () => {
    await branch('many', (root) => {
      mkdirSync(join(root, 'apps/app/src/many'));
      for (let file = 0; file < MANY; file++) {
        writeFileSync(join(root, `apps/app/src/many/${file}`), String(file));
      }
      writeFileSync(join(root, 'apps/app/src/index.html'), 'many\n');
    });
    await buildsOnce(() => checkout('many'));
    await runs('many');
    await buildsOnce(() => checkout('main'));
  });

  it('a stash and its return, and a rebase, end with what is in the work tree', async () => {
    await branch('upstream', (root) => {
      writeFileSync(join(root, 'apps/app/dep'), 'upstream');
    });
    await stage.save('app', 'stashed\n');
    await runs('stashed');
    await git('stash');
    await runs('main');
    await git('stash', 'pop');
    await runs('stashed');
    await git('checkout', '--quiet', '-b', 'three');
    for (const line of ['one', 'two', 'three']) {
      await stage.save('app', `${line}\n`);
      await stage.workspace.commitAll(line);
    }
    await git('rebase', '--quiet', 'upstream');
    expect(readFileSync(at('dep'), 'utf8')).toBe('upstream');
    await runs('three');
    await serve.upToDate();
  });

  it.each([
    ['the image', 'apps/app', 'nothing builds the image app any more'],
    ['the manifests', 'apps/shop/k8s', 'there are no manifests in'],
    ['what is served', 'apps/shop', 'the project shop is gone'],
  ])(
    'a branch without %s is told of, and all is well when it is left',
    async (_, path, told) => {
      const name = path.replaceAll('/', '-');
      await branch(name, (root) =>
        rmSync(join(root, path), { recursive: true }),
      );
      const before = (await stage.written('shop'))[APP];
      await checkout(name);
      await serve.until(told, (event) => JSON.stringify(event).includes(told));
      await stage.save('other', `${name}\n`);
      await serve.cycle('other', 'ready');
      expect((await stage.written('shop'))[APP]).toEqual(before);
      const [status] = await stage.status();
      expect(status?.isUpToDate).toBe(false);
      await git('checkout', '--quiet', '-f', 'main');
      await serve.upToDate();
      await buildsOnce(() => stage.save('app', `after ${name}\n`));
      await runs(`after ${name}`);
    },
  );
});
