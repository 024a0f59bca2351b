import type { TaggedImage } from '../docker';
import { familiarName, formatPlatform, formatReference } from '../image';
import { depFiles, inputHash } from '../inputs';
import { Phases, SlipwayError } from '../report';
import { lockFolder, withLock, type Lock } from '../state';
import { runCommand } from './command';
import { currentImage, type CurrentImage } from './current-image';
import { destinationOf, isInDocker, isInRegistry } from './destination';
import { commandEnvironment } from './environment';
import { expandVariables, expectedRef, isTransient } from './expected-ref';
import { finish, workAhead } from './finish';
import { cleanUpAfter, leftoversNote } from './leftovers';
import { forgetWrittenRef } from './output-file';
import type { BuildPlan, Parent, TaggedReference } from './plan';
import { recordOf } from './record-of';
import { settle } from './settle';
import type { BuildSystems } from './systems';
import { together } from './together';

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
): Promise<CurrentImage> {
  const { reporter, signal } = systems;
  const name = familiarName(plan.imageName);
  return withLock(
    lockFolder(plan.root, name),
    {
      signal,
      onWait: ({ pid }) =>
        reporter.info(`waiting for another build of ${name} (process ${pid})`),
      onDead: (note) => cleanUpAfter(note, systems, isInDocker(plan)),
    },
    async (lock) => {
      const hash = await hashInputs(plan, parents);
      const made = lock.waited && (await currentImage(plan, hash, systems));
      if (made) {
        reporter.info(`${name} has just been built of the same inputs`);
        return made;
      }
      return build(plan, parents, systems, lock, hash);
    },
  );
}

async function build(
  plan: BuildPlan,
  parents: readonly Parent[],
  systems: BuildSystems,
  lock: Lock,
  hash: string,
): Promise<CurrentImage> {
  const { docker, reporter } = systems;
  const phases = new Phases(systems.now);
  if (isInDocker(plan)) await docker.ping();
  await forgetWrittenRef(plan);
  const expected = expectedRef(plan, systems.place, hash);
  const ours = isInDocker(plan) && isTransient(plan) ? expected : undefined;
  try {
    const note = async (group?: number) =>
      lock.note(await leftoversNote(systems, ours, group));
    await note();
    let images: Promise<TaggedImage[]> | undefined;
    await phases.measure('build', () =>
      command(plan, parents, systems, expected, async (group) => {
        await note(group);
        images = workAhead(plan, systems);
      }),
    );
    // At once: an image stands under what it holds, whatever became of the files
    // since. If they changed, it is there and nothing says that it is theirs.
    const [, settled] = await together(
      phases.measure('hash', () => assertUnchanged(plan, parents, hash)),
      settle({ plan, systems, hash, phases }, expected),
    );
    const result = { ...settled, record: recordOf(plan, settled, hash) };
    await finish(plan, systems, result, images);
    reporter.info(`${result.record.name}  ${phases.toString()}`);
    return result;
  } finally {
    if (ours) await dropTransientTag(systems, formatReference(ours), lock);
  }
}

/**
 * Never hides why a build failed: a tag that stays, since Docker is gone, is
 * only untidy, and taken away by the next build.
 */
async function dropTransientTag(
  { docker, reporter }: BuildSystems,
  ref: string,
  lock: Lock,
): Promise<void> {
  try {
    await docker.untag(ref);
  } catch (error) {
    lock.leaveNote();
    reporter.warn(
      `the transient tag ${ref} may still be in Docker; the next build takes it away. ${(error as Error).message}`,
    );
  }
}

/** The input hash of a plan (design 1), from the files as they are now. */
export async function hashInputs(
  plan: BuildPlan,
  parents: readonly Parent[],
): Promise<string> {
  const files = await depFiles(plan.deps);
  return inputHash(plan.deps.root, files, {
    ...plan.facts,
    parents: parents.map(({ contentId }) => contentId),
    command: plan.command,
    env: plan.env,
    ref: formatReference(plan.imageName),
    platform: formatPlatform(plan.platform),
  });
}

async function command(
  plan: BuildPlan,
  parents: readonly Parent[],
  systems: BuildSystems,
  expected: TaggedReference | undefined,
  onStart: (group: number) => Promise<void>,
): Promise<void> {
  const { reporter, signal, kill, secrets } = systems;
  const env = await commandEnvironment(plan, parents, systems, expected);
  await knowCredentials(plan, systems);
  await runCommand({
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
  });
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

/** @throws SLIPWAY_E_INPUTS_CHANGED, so that nothing stale is cached */
async function assertUnchanged(
  plan: BuildPlan,
  parents: readonly Parent[],
  before: string,
): Promise<void> {
  if ((await hashInputs(plan, parents)) === before) return;
  throw new SlipwayError({
    code: 'SLIPWAY_E_INPUTS_CHANGED',
    message:
      'a file in deps changed while the command ran, so nobody can say what is in the image. Nothing was cached.',
    hint: 'Run it again. If the command itself writes into its deps, name those files in ignore.',
  });
}
