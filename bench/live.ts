import { writeFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { NxProcess } from '../e2e/nx-slipway-e2e/src/support/serve-process';
import {
  imageOf,
  livePlace,
  OURS,
  PODS,
  podsOf,
  projectOf,
  THEIRS,
  TO,
  type Pod,
} from './live-workspace';
import type { Place } from './place';
import { alternate, table } from './table';

/** `BENCH_ROUNDS`; of many pods a third. */
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 21);
const FEWER = Math.ceil(ROUNDS / 3);
/** What comes of one save is none of the next one's. Milliseconds. */
const QUIET_MS = 300;
const KUBECTL = 'tar | kubectl exec';

/**
 * A file that is saved under a real `nx serve`, seen by HTTP in all pods of its
 * image: when the last has it. Beside it `tar | kubectl exec` of a file of the
 * same size into the same pods, alternating in the same run; into several pods
 * by `xargs -P`, all at once as we do it.
 */
export async function live(): Promise<string> {
  const place = await livePlace();
  try {
    const tables: string[] = [];
    for (const count of PODS) tables.push(await livePods(place, count));
    return tables.join('\n');
  } finally {
    await place.close();
  }
}

async function livePods(place: Place, count: number): Promise<string> {
  const args = ['serve', projectOf(count), '--output=json'];
  const serve = new NxProcess(place.workspace, args, place.env);
  try {
    await serve.upToDate();
    const pods = await podsOf(place, count);
    const agent = new Agent({ keepAlive: true });
    const phases: Record<string, number[]> = {};
    const ours = async (content: string) => {
      serve.skip();
      const path = OURS(count);
      const seen = await saved({ place, agent, pods, path, content });
      const cycle = await serve.cycle(imageOf(count), 'done');
      note(phases, seen, cycle);
      return seen;
    };
    const then = () => place.shell(scriptOf(place, pods));
    const theirs = (content: string) =>
      saved({ place, agent, pods, path: THEIRS, content, then });
    // Streams and connections are opened once, by a round that does not count.
    await theirs('first');
    await ours('first');
    for (const each of Object.values(phases)) each.length = 0;
    const samples = await alternate(count === 1 ? ROUNDS : FEWER, {
      [count === 1 ? KUBECTL : `${KUBECTL}, by xargs -P ${count}`]: (round) =>
        theirs(`round ${round}`),
      'nx serve': (round) => ours(`round ${round}`),
    });
    agent.destroy();
    const where = count === 1 ? 'the pod' : `all ${count} pods`;
    return [
      table(`save -> served by ${where}`, samples),
      table('of that', phases),
    ].join('\n');
  } finally {
    await serve.stop();
  }
}

interface Save {
  readonly place: Place;
  readonly agent: Agent;
  readonly pods: readonly Pod[];
  /** In the workspace. */
  readonly path: string;
  readonly content: string;
  /** What brings it there. None: nobody is asked. */
  readonly then?: () => Promise<unknown>;
}

/** @returns milliseconds until the last pod has served it */
async function saved({ place, agent, pods, path, content, then }: Save) {
  await delay(QUIET_MS);
  const all = pods.map(({ ip }) => served(agent, ip, basename(path), content));
  await delay(QUIET_MS);
  const save = performance.now();
  writeFileSync(join(place.workspace.root, path), content);
  const brought = then?.();
  const last = Math.max(...(await Promise.all(all)));
  await brought;
  return last - save;
}

/** A pod answers once the file is so. @returns when, by `performance.now()` */
function served(agent: Agent, host: string, file: string, content: string) {
  const path = `/${file}?is=${encodeURIComponent(content)}`;
  return new Promise<number>((resolve, reject) => {
    get({ agent, host, port: 8080, path }, (response) => {
      text(response).then(() => resolve(performance.now()), reject);
    }).on('error', reject);
  });
}

/** What a person would write. */
function scriptOf({ namespace }: Place, pods: readonly Pod[]): string {
  const [folder, file] = THEIRS.split('/');
  const one = (pod: string) =>
    `tar -c -C ${folder} ${file} | kubectl --namespace ${namespace} exec -i ${pod} -- tar -x -C ${TO}`;
  const names = pods.map(({ name }) => name);
  const [only = ''] = names;
  return names.length === 1
    ? one(only)
    : `printf '%s\\n' ${names.join(' ')} | xargs -P ${names.length} -I{} sh -c '${one('{}')}'`;
}

/** The cycle that serve tells of, and what of the time is around it. */
function note(
  phases: Record<string, number[]>,
  seen: number,
  cycle: { ms: number; phases: readonly { name: string; ms: number }[] },
): void {
  const add = (name: string, ms: number) => (phases[name] ??= []).push(ms);
  const of = (name: string) =>
    cycle.phases.find((phase) => phase.name === name)?.ms ?? NaN;
  add('heard of -> decided', of('detect'));
  add('decided -> acknowledged by the last', of('sync'));
  add('heard of -> told', cycle.ms);
  add('all, by HTTP', seen);
}
