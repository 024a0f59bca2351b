import { createCipheriv } from 'node:crypto';
import { watch } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  readFile,
  rm,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ensureSandbox, sandboxEnv, type Sandbox } from '@nx-slipway/sandbox';
import { execa } from 'execa';
import {
  buildImage,
  type BuildSystems,
} from '../packages/nx-slipway/src/build';
import { countingProxy } from './counting-proxy';
import { planOf, removeImages, withSystems } from './systems';
import { alternate, table } from './table';

const ROUNDS = 31;
const LAYER_BYTES = 200_000_000;
const BASE = 'bench-deliver-base';
/** The last act of a command, and of the script: when it was, in nanoseconds. */
const STAMP = 'date +%s%N >';

/** A folder to build in, and the sandbox to build with. */
interface Place {
  readonly sandbox: Sandbox;
  readonly folder: string;
  /** In the folder, with the sandbox's Docker. */
  readonly shell: (command: string) => Promise<unknown>;
}

/**
 * From a command's end to the record, for an image that the registry has, and
 * for one of 200 MB with a small layer changed; beside `docker tag` and
 * `docker push` in the script that built, from its build's end.
 *
 * Docker's own push is the limit of the second, so it has a row: 0.55 of the
 * script on a quiet machine, 0.7 on a busy one, in a ping and 11 requests that
 * mostly wait for each other. We cannot send the layer ourselves: the API gives
 * none out alone (`GET /images/NAME/get` packs all 200 MB), and inspect and
 * history have lost the times that the config's bytes are made of. A registry
 * in our process that Docker pushes to, and that passes blobs on at once, took
 * 62 ms where the push took 78 and the script 111. It would need a Docker that
 * reaches our loopback, and Docker knows which layers a registry has by its
 * host and port: on a new port, the first push moved all 200 MB again (6.6 s).
 */
export async function deliver(): Promise<string> {
  const sandbox = await ensureSandbox();
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
  const env = { ...process.env, ...sandboxEnv(sandbox) };
  const shell = (command: string) =>
    execa('sh', ['-c', command], { cwd: folder, env });
  const place = { sandbox, folder, shell };
  await mkdir(join(folder, '.nx'));
  try {
    return [
      await standing(place),
      await oneRequest(place),
      await oneLayer(place),
    ].join('\n');
  } finally {
    await shell(removeImages('bench-deliver'));
    await rm(folder, { recursive: true, force: true });
  }
}

/** An image that the registry has: nothing changed since the last build. */
async function standing(place: Place): Promise<string> {
  await writeContext(place, 'busybox:1.35', 'standing');
  const name = 'bench-deliver-standing';
  await build(place, name);
  await script(place, name, 'script');
  const samples = await alternate(ROUNDS, {
    'script: tag, push': () => script(place, name, 'script'),
    'ours: to the record': async () => (await build(place, name)).recorded,
  });
  return table('an image the registry has', samples);
}

/** What the registry is asked then, in a round that nobody times. */
async function oneRequest({ sandbox, ...place }: Place): Promise<string> {
  const proxy = await countingProxy(sandbox.registry.host);
  try {
    const name = 'bench-deliver-counted';
    await build({ ...place, sandbox }, name, proxy.host);
    proxy.requests.length = 0;
    await build({ ...place, sandbox }, name, proxy.host);
  } finally {
    proxy.close();
  }
  const asked = proxy.requests.join(', ');
  if (/^HEAD [^ ]+\/manifests\/nx-[0-9a-f]{16}$/.test(asked)) {
    return `  the registry was asked once: ${asked}`;
  }
  throw new Error(`the registry was asked for more than one HEAD: ${asked}`);
}

/** 200 MB that no packing makes smaller, below a layer of one small file. */
async function oneLayer(place: Place): Promise<string> {
  await buildBase(place);
  const ours = 'bench-deliver-ours';
  const theirs = 'bench-deliver-script';
  const pushes: number[] = [];
  const change = (what: string | number) =>
    writeContext(place, BASE, `${what} ${place.folder}`);
  await change('first');
  await build(place, ours);
  await script(place, theirs, 'first');
  const samples = await alternate(ROUNDS, {
    'script: tag, push': async (round) => {
      await change(`script ${round}`);
      return script(place, theirs, `${round}`);
    },
    'ours: to the record': async (round) => {
      await change(`ours ${round}`);
      const { recorded, pushed } = await build(place, ours);
      pushes.push(pushed);
      return recorded;
    },
  });
  return table('200 MB, one small layer changed', {
    ...samples,
    "of ours, Docker's own push": pushes,
  });
}

/** The same bytes and times each run, so that a registry keeps them once. */
async function buildBase({ folder, shell }: Place): Promise<void> {
  const zero = Buffer.alloc(16);
  const stream = createCipheriv('aes-128-ctr', zero, zero);
  const blob = join(folder, 'base', 'blob');
  await mkdir(dirname(blob));
  await writeFile(blob, stream.update(Buffer.alloc(LAYER_BYTES)));
  await utimes(blob, 0, 0);
  await writeFile(
    join(folder, 'base', 'Dockerfile'),
    'FROM busybox:1.35\nCOPY blob /\n',
  );
  await shell(`docker build -q -t ${BASE} base && rm -r base`);
}

async function writeContext(
  { folder }: Place,
  base: string,
  text: string,
): Promise<void> {
  await writeFile(join(folder, 'Dockerfile'), `FROM ${base}\nCOPY file /\n`);
  await writeFile(join(folder, 'file'), text);
}

/** @returns milliseconds from the end of the script's build to its own */
async function script(
  { sandbox, shell, folder }: Place,
  name: string,
  tag: string,
): Promise<number> {
  const ref = `${sandbox.registry.host}/${name}:${tag}`;
  await shell(
    `docker build -q -t ${name} . && ${STAMP} .nx/built && docker tag ${name} ${ref} && docker push -q ${ref} && ${STAMP} .nx/pushed`,
  );
  return (await stampIn(folder, 'pushed')) - (await stampIn(folder, 'built'));
}

/** Milliseconds; of a build that did not push, `pushed` is 0. */
interface Delivery {
  /** From the command's end to the record. */
  readonly recorded: number;
  /** Of that, in Docker's own push. */
  readonly pushed: number;
}

/** Builds with systems opened anew, as each `nx run` does. */
async function build(
  { sandbox, folder }: Place,
  name: string,
  host = sandbox.registry.host,
): Promise<Delivery> {
  const command = `docker build -q -t $EXPECTED_REF . && ${STAMP} .nx/ended`;
  const plan = planOf({ root: folder, name, command, host });
  return withSystems(sandbox, folder, async (systems) => {
    const push = timedPush(systems);
    const record = await timeOfNext(plan.recordFile);
    try {
      await buildImage(plan, [], { ...systems, docker: push.docker });
      const recorded = (await record.time) - (await stampIn(folder, 'ended'));
      return { recorded, pushed: push.taken() };
    } finally {
      record.close();
    }
  });
}

function timedPush({ docker }: BuildSystems) {
  let taken = 0;
  const timed = Object.create(docker) as BuildSystems['docker'];
  timed.push = async (...asked) => {
    const start = performance.now();
    const digest = await docker.push(...asked);
    taken = performance.now() - start;
    return digest;
  };
  return { docker: timed, taken: () => taken };
}

/**
 * When a file is next put in its place, by the clock of `date`. Its own time
 * would not do: file systems write that of the last tick, up to 4 ms ago.
 */
async function timeOfNext(path: string) {
  await mkdir(dirname(path), { recursive: true });
  const watcher = watch(dirname(path));
  const time = new Promise<number>((resolve, reject) => {
    watcher.on('change', (_event, file) => {
      if (file === basename(path)) resolve(Date.now());
    });
    watcher.on('error', reject);
  });
  return { time, close: () => watcher.close() };
}

async function stampIn(folder: string, name: string): Promise<number> {
  return Number(await readFile(join(folder, '.nx', name), 'utf8')) / 1e6;
}
