import { depFiles } from '../../../inputs';
import { fileHashes } from './file-hashes';
import { nxArguments } from './nx-arguments';
import type { NxLine } from './nx-output';
import type { Batch, Request } from './request';
import { runNx, type NxFailure } from './run-nx';

/**
 * Runs the tasks of all that are in a batch now: in one run of Nx, or one after
 * the other where one would run others' targets, too.
 * @returns what has failed, run by run
 * @throws SLIPWAY_E_CANCELLED once what was started is gone
 */
export async function runBatch({
  requests,
  cancel,
}: Batch): Promise<NxFailure[]> {
  const asked = [...requests];
  const [first] = asked;
  if (!first) return [];
  const { root, configuration, hasTarget, dotEnv } = first.of;
  const all = asked.flatMap(({ of }) => of.all).map(({ target }) => target);
  const known = new Set(all.map((one) => `${one.project}:${one.target}`));
  const runs = nxArguments({
    tasks: asked.flatMap(({ of }) => of.wanted).map(({ target }) => target),
    isOther: ({ project, target }) =>
      hasTarget(project, target) && !known.has(`${project}:${target}`),
    configuration,
  });
  const sources = async () =>
    (await Promise.all(asked.map(({ of }) => depFiles(of.sources)))).flat();
  const kill = killOf(asked);
  const run = (args: readonly string[]) =>
    runNx({
      root,
      args,
      dotEnv,
      projects: [...new Set(all.map(({ project }) => project))],
      secrets: [...new Set(asked.flatMap(({ options }) => options.secrets))],
      signal: cancel.signal,
      kill: kill.signal,
      onLine: (line) => tell(requests, line),
    });
  const failures: NxFailure[] = [];
  try {
    for (const args of runs) {
      const failure = await fileHashes.around(sources, () => run(args));
      if (failure) failures.push(failure);
    }
  } finally {
    kill.forget();
  }
  return failures;
}

/** Those that a task of that project is for; all, of what is nobody's. */
function tell(
  requests: ReadonlySet<Request>,
  { stream, line, project }: NxLine,
): void {
  for (const { of, options } of requests) {
    const isOf =
      project === undefined ||
      of.all.some(({ target }) => target.project === project);
    if (isOf) options.onOutput(stream, `${line}\n`);
  }
}

/** Aborted with the first of theirs: a second Ctrl-C is meant for all. */
function killOf(requests: readonly Request[]) {
  const kill = new AbortController();
  const abort = () => kill.abort();
  const signals = requests.flatMap(({ options }) => options.kill ?? []);
  for (const signal of signals) {
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  }
  return {
    signal: kill.signal,
    forget: () => {
      for (const signal of signals) signal.removeEventListener('abort', abort);
    },
  };
}
