import { familiarName, formatPlatform, formatReference } from '../image';
import {
  changedFiles,
  depFiles,
  factsHash,
  inputHash,
  type FileStates,
  type HashRun,
  type InputFacts,
} from '../inputs';
import { Phases, hasCode } from '../report';
import { lockFolder, withLock, type Lock } from '../state';
import type { BuildRun } from './build-run';
import { runCommand } from './command';
import { currentImage, type CurrentImage } from './current-image';
import { destinationOf, isInDocker, isInRegistry } from './destination';
import { commandEnvironment } from './environment';
import { expandVariables, expectedRef, isTransient } from './expected-ref';
import { finish, workAhead, type Ahead } from './finish';
import { cleanUpAfter, leftoversNote } from './leftovers';
import { inputsChanged } from './inputs-changed';
import { forgetWrittenRef } from './output-file';
import type { BuildPlan, Parent, TaggedReference } from './plan';
import { recordOf } from './record-of';
import { settle } from './settle';
import type { BuildSystems } from './systems';
import { together } from './together';
import { takeAway } from './transient-tag';
import { untilEither } from './until-either';

/**
 * Runs the command of one image, finds and verifies what it made, brings it
 * where it is deployed from, leaves a record (design 2.3). Builds of one image
 * come one after the other; who waited for one with the same inputs takes its
 * result.
 */
export async function buildImage(
  plan: BuildPlan,
  parents: readonly Parent[],
  systems: BuildSystems,
  run: BuildRun = {},
): Promise<CurrentImage> {
  const { docker, reporter, signal, knownFiles: known } = systems;
  const name = familiarName(plan.imageName);
  // While the lock is taken and the inputs are hashed.
  const pinged = isInDocker(plan) ? docker.ping() : Promise.resolve();
  // Who needs it is told.
  pinged.catch(() => undefined);
  return withLock(
    lockFolder(plan.root, name),
    {
      signal,
      onWait: ({ pid }) =>
        reporter.info(`waiting for another build of ${name} (process ${pid})`),
      onDead: (note) => cleanUpAfter(note, systems, isInDocker(plan)),
    },
    async (lock) => {
      const files: FileStates = new Map();
      const hash = await hashInputs(plan, parents, { seen: files, known });
      const made = lock.waited && (await currentImage(plan, hash, systems));
      if (made) {
        reporter.info(`${name} has just been built of the same inputs`);
        return made;
      }
      run.onInputs?.(hash, files);
      // Who waited may have waited for Docker, too.
      await (lock.waited && isInDocker(plan) ? docker.ping() : pinged);
      return build({ plan, parents, systems, run, lock }, { hash, files });
    },
  );
}

/** As they were before the command. */
interface Inputs {
  readonly hash: string;
  readonly files: FileStates;
}

/** A build that has the lock of its image. */
interface Building {
  readonly plan: BuildPlan;
  readonly parents: readonly Parent[];
  readonly systems: BuildSystems;
  readonly run: BuildRun;
  readonly lock: Lock;
}

async function build(
  building: Building,
  before: Inputs,
): Promise<CurrentImage> {
  const { plan, systems, run, lock } = building;
  const { hash } = before;
  const { reporter } = systems;
  const phases = run.phases ?? new Phases(systems.now);
  await forgetWrittenRef(plan);
  const expected = expectedRef(plan, systems.place, hash);
  const ours = isTransient(plan) ? expected : undefined;
  try {
    const note = async (group?: number) =>
      lock.note(await leftoversNote(systems, ours, group));
    await note();
    // A command that has ended well has started.
    let ahead!: Ahead;
    await phases.measure('build', () =>
      command(building, expected, async (group) => {
        await note(group);
        ahead = workAhead(plan, systems, !run.tidyLater);
      }),
    );
    run.onEnded?.();
    // At once: an image stands under what it holds, whatever became of the files
    // since. If they changed, it is there and nothing says that it is theirs.
    const [moved, settled] = await together(
      phases.measure('hash', () => haveMoved(building, before)),
      settle({ plan, systems, hash, phases }, expected),
    );
    const result = { ...settled, record: recordOf(plan, settled, hash) };
    run.onStands?.(result);
    await finish({ plan, systems, run, ahead }, result, !moved);
    if (!run.phases) {
      reporter.info(`${result.record.name}  ${phases.toString()}`);
    }
    return result;
  } catch (error) {
    // What was cut off in the middle may go on in the daemon and tag at its end.
    if (isCutOff(error)) lock.leaveNote();
    throw error;
  } finally {
    if (ours) await dropTransientTag(plan, systems, ours, lock);
  }
}

function isCutOff(error: unknown): boolean {
  return hasCode(error, 'SLIPWAY_E_CANCELLED', 'SLIPWAY_E_COMMAND_TIMEOUT');
}

/**
 * Never hides why a build failed: a tag that stays, since Docker is gone, is
 * only untidy, and taken away by the next build. A command that pushes from
 * elsewhere may have built in Docker all the same, if there is one.
 */
async function dropTransientTag(
  plan: BuildPlan,
  { docker, reporter }: BuildSystems,
  transient: TaggedReference,
  lock: Lock,
): Promise<void> {
  // One on another machine may not even answer, and is not of this mode.
  if (!isInDocker(plan) && !docker.address.startsWith('unix://')) return;
  try {
    await takeAway(docker, transient);
  } catch (error) {
    if (!isInDocker(plan)) return;
    lock.leaveNote();
    reporter.warn(
      `the transient tag ${formatReference(transient)} may still be in Docker; the next build takes it away. ${(error as Error).message}`,
    );
  }
}

/**
 * The input hash of a plan (design 1), from the files as they are now.
 */
export async function hashInputs(
  plan: BuildPlan,
  parents: readonly Parent[],
  run?: HashRun,
): Promise<string> {
  const files = await depFiles(plan.deps);
  return inputHash(plan.deps.root, files, factsOf(plan, parents), run);
}

/** Of all beside files that decides what is built, hex. */
export function inputFacts(
  plan: BuildPlan,
  parents: readonly Parent[],
): string {
  return factsHash(factsOf(plan, parents));
}

function factsOf(plan: BuildPlan, parents: readonly Parent[]): InputFacts {
  return {
    ...plan.facts,
    parents: parents.map(({ contentId }) => contentId),
    command: plan.command,
    env: plan.env,
    ref: formatReference(plan.imageName),
    platform: formatPlatform(plan.platform),
  };
}

async function command(
  { plan, parents, systems, run }: Building,
  expected: TaggedReference | undefined,
  onStart: (group: number) => Promise<void>,
): Promise<void> {
  const { reporter, kill, secrets } = systems;
  const env = await commandEnvironment(plan, parents, systems, expected);
  await knowCredentials(plan, systems);
  await untilEither(systems.signal, run.supersede, (signal) =>
    runCommand({
      command:
        typeof plan.command === 'string'
          ? plan.command
          : plan.command.map((word) => expandVariables(word, env.contract)),
      dir: plan.dir,
      env: env.all,
      timeout: plan.timeout,
      secrets: secrets(),
      signal,
      kill,
      reporter,
      onStart,
      watchdogs: systems.watchdogs,
    }),
  );
}

/**
 * Has the registry's credentials masked in what the command prints. They are
 * kept for the push; if there are none to be had, who needs them is told.
 */
async function knowCredentials(
  plan: BuildPlan,
  systems: BuildSystems,
): Promise<void> {
  if (!isInRegistry(plan)) return;
  const { domain } = destinationOf(plan, systems).name.local;
  await systems.credentials.credentialsFor(domain).catch(() => undefined);
}

/**
 * Whether the inputs have changed since.
 * @throws SLIPWAY_E_INPUTS_CHANGED, so that nothing stale is cached, unless the
 *   run takes it
 */
async function haveMoved(
  { plan, parents, systems: { knownFiles: known }, run }: Building,
  before: Inputs,
): Promise<boolean> {
  const seen: FileStates = new Map();
  if ((await hashInputs(plan, parents, { seen, known })) === before.hash) {
    return false;
  }
  const changed = changedFiles(before.files, seen);
  if (!run.onMoved) throw inputsChanged(changed);
  run.onMoved(changed, seen);
  return true;
}
