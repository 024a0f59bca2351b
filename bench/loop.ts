import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { NxProcess } from '../e2e/nx-slipway-e2e/src/support/serve-process';
import {
  applyForScript,
  buildOfMany,
  loopPlace,
  MANY,
  PARALLEL,
  SCRIPT,
  type LoopPlace,
} from './loop-workspace';
import { memoryOfTree, processTree } from './process-tree';
import { alternate, table } from './table';

/** `BENCH_ROUNDS`; the ten images and the restart take a third of them. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 21);
const FEWER = Math.ceil(ROUNDS / 3);
/** What comes after a rollout is none of the next round's. Milliseconds. */
const QUIET_MS = 700;
/** Before its memory is measured, a process may settle. Milliseconds. */
const SETTLE_MS = 5_000;

/**
 * The loop of a real `nx serve` on the sandbox, watched from outside: the
 * command's start by inotify, the cluster by watches on its API server. Beside
 * it the script that a person would write, alternating in the same run.
 */
export async function loop(): Promise<string> {
  const place = await loopPlace();
  try {
    return [
      await oneImage(place),
      await restarts(place),
      await tenImages(place),
    ].join('\n');
  } finally {
    await place.close();
  }
}

/** One image: a file of it is saved. */
async function oneImage(place: LoopPlace): Promise<string> {
  await applyForScript(place, 'one', 1);
  const { view } = place;
  const idle = await memoryOfIdle(place);
  const serve = serveOf(place, 'one');
  try {
    await serve.upToDate();
    await delay(SETTLE_MS);
    const started = await memoryOfTree(serve.pid);
    const steps = new Steps();
    await alternate(ROUNDS, {
      script: async (round) => {
        await calm(place);
        return scriptOne(place, steps, round);
      },
      ours: async (round) => {
        await calm(place);
        return oursOne(place, steps, round);
      },
    });
    await view.settled(2);
    await delay(SETTLE_MS);
    const worn = await memoryOfTree(serve.pid);
    return [
      table('save -> command started', steps.of('started')),
      table('save -> new ref applied', steps.of('applied')),
      table('of that, command started -> ended', steps.of('command')),
      table('save -> pod ready', steps.of('ready')),
      memoryLines(idle, { 'once up to date': started, 'after it all': worn }),
    ].join('\n');
  } finally {
    await serve.stop();
  }
}

/** Both Deployments run what they are to run, and the machine is quiet. */
async function calm({ view }: LoopPlace): Promise<void> {
  await view.settled(2);
  await delay(QUIET_MS);
}

/** Milliseconds of the steps of each way. */
class Steps {
  private readonly all: Record<string, Record<string, number[]>> = {};

  note(step: string, way: string, ms: number): void {
    ((this.all[step] ??= {})[way] ??= []).push(ms);
  }

  of(step: string): Readonly<Record<string, number[]>> {
    return this.all[step] ?? {};
  }
}

function serveOf({ workspace, env }: LoopPlace, project: string): NxProcess {
  return new NxProcess(workspace, ['serve', project, '--output=json'], env);
}

async function oursOne(
  { workspace, view, marks }: LoopPlace,
  steps: Steps,
  round: number,
): Promise<number> {
  const before = view.imageOf('one');
  const heard = marks.since();
  const save = performance.now();
  // Another text than the script's, whose layers Docker keeps.
  await workspace.write('apps/one/src/file', `ours ${round} ${workspace.root}`);
  const applied = await view.applied('one', before);
  const ready = await view.ready(view.imageOf('one') ?? '');
  const started = heard.get('one-started') ?? NaN;
  const ended = heard.get('one-ended') ?? NaN;
  steps.note('started', 'nx serve', started - save);
  steps.note('command', 'nx serve', ended - started);
  steps.note('applied', 'nx serve', applied - save);
  steps.note('ready', 'nx serve', ready - save);
  return applied - save;
}

async function scriptOne(
  place: LoopPlace,
  steps: Steps,
  round: number,
): Promise<number> {
  const { workspace, view, marks } = place;
  const name = `${SCRIPT}-one`;
  const before = view.imageOf(name);
  const heard = marks.since();
  const save = performance.now();
  await workspace.write(
    `${SCRIPT}/one/src/file`,
    `${round} ${workspace.root}\n`,
  );
  const script = place.shell(
    `cd ${SCRIPT}/one && ${marks.command('started')}; docker build -q -t bench-loop-script . && ${marks.command('ended')} && ${deliver(place, 'one', `${round}`)}`,
  );
  const applied = await view.applied(name, before);
  const ready = await view.ready(view.imageOf(name) ?? '');
  await script;
  const started = heard.get('started') ?? NaN;
  const ended = heard.get('ended') ?? NaN;
  steps.note('started', 'the script', started - save);
  steps.note('command', 'the script', ended - started);
  steps.note('applied', 'the script', applied - save);
  steps.note('ready', 'the script', ready - save);
  return applied - save;
}

/** Of what stands in Docker as `bench-loop-script`: tag, push, patch. */
function deliver(
  { workspace: { root }, registry, patch }: LoopPlace,
  name: string,
  round: string,
  built = `bench-loop-${SCRIPT}`,
): string {
  const ref = `${registry}/bench-loop-${SCRIPT}-${name}:${root.slice(-6)}-${round}`;
  return [
    `docker tag ${built} ${ref}`,
    `docker push -q ${ref}`,
    patch(`${SCRIPT}-${name}`, ref),
  ].join(' && ');
}

/** A continuous target of Nx that does nothing. @returns bytes */
async function memoryOfIdle({ workspace }: LoopPlace): Promise<number> {
  const idle = new NxProcess(workspace, ['serve', 'idle']);
  try {
    while (!(await hasExecutor(idle))) await delay(100);
    await delay(SETTLE_MS);
    return await memoryOfTree(idle.pid);
  } finally {
    await idle.stop();
  }
}

async function hasExecutor({ pid }: NxProcess): Promise<boolean> {
  const tree = await processTree(pid);
  return tree.some(({ command }) => command.includes('run-executor'));
}

function memoryLines(idle: number, of: Readonly<Record<string, number>>) {
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1).padStart(6)} MB`;
  const lines = Object.entries(of).map(
    ([name, bytes]) =>
      `  ${name.padEnd(24)} ${mb(bytes)}, less Nx's own ${mb(bytes - idle)}`,
  );
  return [
    `memory of the process tree (PSS); a target that does nothing: ${mb(idle)}`,
    ...lines,
  ].join('\n');
}

/** Nothing has changed since the last serve. */
async function restarts(place: LoopPlace): Promise<string> {
  const { view, marks, shell, namespace } = place;
  const ready: number[] = [];
  const whole: number[] = [];
  const version = () =>
    shell(
      `kubectl --namespace ${namespace} get deployment one -o jsonpath='{.metadata.generation} {.metadata.resourceVersion}'`,
    );
  await view.settled(2);
  const before = await version();
  const heard = marks.since();
  for (let round = 0; round < FEWER; round++) {
    await delay(QUIET_MS);
    const start = performance.now();
    const serve = serveOf(place, 'one');
    await serve.upToDate();
    whole.push(performance.now() - start);
    const [executor] = await processTree(serve.executor);
    ready.push(executor?.age ?? NaN);
    const busy = serve.events.filter(
      (event) => event.type === 'phase' && /build|push/.test(event.phase),
    );
    await serve.stop();
    if (busy.length > 0) throw new Error('a restart has built or pushed');
  }
  if (heard.size > 0) throw new Error('a restart has run the command');
  if ((await version()) !== before) throw new Error('a restart has applied');
  return table('a restart with nothing changed', {
    'the executor, from its start to ready': ready,
    'all of nx serve, to ready': whole,
  });
}

/** Ten images: a file that all of them copy is saved. */
async function tenImages(place: LoopPlace): Promise<string> {
  for (const name of MANY) await applyForScript(place, name, 0);
  const serve = serveOf(place, 'many');
  try {
    await serve.upToDate();
    const commands: number[] = [];
    const samples = await alternate(FEWER, {
      [`the ten commands by xargs -P ${PARALLEL}`]: async (round) => {
        await delay(QUIET_MS);
        return tenByScript(place, round, '');
      },
      'nx serve: all ten applied': async (round) => {
        await delay(QUIET_MS);
        const { applied, ended } = await tenByServe(place, round);
        commands.push(ended);
        return applied;
      },
      'the script by xargs: all ten applied': async (round) => {
        await delay(QUIET_MS);
        return tenByScript(place, round, 'deliver');
      },
    });
    return table('ten images of one library file', {
      ...samples,
      "nx serve: the last command's end": commands,
    });
  } finally {
    await serve.stop();
  }
}

async function tenByServe(
  { workspace, view, marks }: LoopPlace,
  round: number,
): Promise<{ applied: number; ended: number }> {
  const heard = marks.since();
  const before = new Map(MANY.map((name) => [name, view.imageOf(name)]));
  const save = performance.now();
  await workspace.write('many/lib/library', `${round} ${workspace.root}\n`);
  const applied = await Promise.all(
    MANY.map((name) => view.applied(name, before.get(name))),
  );
  const ended = MANY.map((name) => heard.get(`${name}-ended`) ?? NaN);
  return {
    applied: Math.max(...applied) - save,
    ended: Math.max(...ended) - save,
  };
}

async function tenByScript(
  place: LoopPlace,
  round: number,
  then: 'deliver' | '',
): Promise<number> {
  const { workspace, view } = place;
  const text = `${then} ${round} ${workspace.root}\n`;
  const file = join(SCRIPT, 'many/one.sh');
  const built = (name: string) => `bench-loop-${SCRIPT}-${name}`;
  const cases = MANY.map((name) => {
    const last = then
      ? ` && ${deliver(place, name, `${round}`, built(name))}`
      : '';
    return `${name}) ${buildOfMany(name, built(name))}${last};;`;
  });
  await workspace.write(file, `case $1 in\n${cases.join('\n')}\nesac\n`);
  const names = MANY.map((name) => `${SCRIPT}-${name}`);
  const before = names.map((name) => view.imageOf(name));
  const save = performance.now();
  await workspace.write(`${SCRIPT}/many/lib/library`, text);
  await place.shell(
    `cd ${SCRIPT}/many && printf '%s\\n' ${MANY.join(' ')} | xargs -P ${PARALLEL} -I{} sh one.sh {}`,
  );
  const ended = performance.now();
  if (!then) return ended - save;
  const applied = await Promise.all(
    names.map((name, index) => view.applied(name, before[index])),
  );
  return Math.max(ended, ...applied) - save;
}
