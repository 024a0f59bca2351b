import type { DockerEngine } from '../docker';
import {
  contentId,
  contentTag,
  familiarName,
  formatPlatform,
  formatReference,
  identityOfInspect,
  tagUnder,
  type DeployRef,
  type ImageRecord,
  type ImageReference,
  type Platform,
  type Registry,
} from '../image';
import {
  depFiles,
  inputHash,
  type DepSelection,
  type InputFacts,
} from '../inputs';
import type { RegistryClient } from '../registry';
import { Phases, SlipwayError, secretsOf, type Reporter } from '../report';
import { readRecord, writeRecord } from '../state';
import { deliverToRegistry } from './deliver';
import {
  contractVariables,
  expandVariables,
  expectedRef,
  type ExpectedRef,
} from './expected-ref';
import { findImage } from './find-image';
import { runCommand } from './run-command';

/** A custom-build with every option parsed and every path absolute. */
export interface BuildPlan {
  readonly imageName: ImageReference;
  readonly command: string | readonly string[];
  readonly dir: string;
  readonly env: Readonly<Record<string, string>>;
  readonly deps: DepSelection;
  readonly facts: Omit<InputFacts, 'ref' | 'platform' | 'command' | 'env'>;
  readonly platform: Platform;
  readonly registry?: Registry;
  readonly push: boolean;
  readonly tagPrefix: string;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly recordFile: string;
}

/** The systems that a build talks to. */
export interface BuildSystems {
  readonly docker: DockerEngine;
  readonly connectRegistry: (host: string) => RegistryClient;
  /** The user's own environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

export interface BuildResult {
  readonly record: ImageRecord;
  readonly deployRef: DeployRef;
}

/**
 * The default mode of design 2.3: run the command, find its image in Docker,
 * retag it by content, push it if the registry lacks it, leave a record.
 */
export async function buildImage(
  plan: BuildPlan,
  systems: BuildSystems,
): Promise<BuildResult> {
  const { docker, reporter } = systems;
  const phases = new Phases(systems.now);
  await docker.ping();
  const before = await phases.measure('hash', () => hashInputs(plan));
  const expected = expectedRef(plan.imageName, plan.registry, plan.tagPrefix);
  try {
    await phases.measure('build', () => command(plan, systems, expected));
    const image = await findImage(docker, expected.ref, plan.platform);
    await phases.measure('hash', () => assertUnchanged(plan, before));
    const id = contentId(identityOfInspect(image));
    await warnIfImageStood(plan, before, id, reporter);
    const tag = tagUnder(
      plan.imageName,
      plan.registry,
      contentTag(id, plan.tagPrefix),
    );
    await phases.measure('tag', () =>
      docker.tag(image.Id, familiarName(expected.name.local), tag),
    );
    const deployRef = await deliver(plan, systems, expected, tag, phases);
    const record: ImageRecord = {
      schema: 1,
      name: familiarName(plan.imageName),
      contentId: id,
      platform: formatPlatform(plan.platform),
      inputHash: before,
    };
    await writeRecord(plan.recordFile, record);
    reporter.info(`${record.name}  ${phases.toString()}`);
    return { record, deployRef };
  } finally {
    await dropTransientTag(docker, formatReference(expected.ref), reporter);
  }
}

/** Never hides why a build failed: a tag that stays is only untidy. */
async function dropTransientTag(
  docker: DockerEngine,
  ref: string,
  reporter: Reporter,
): Promise<void> {
  try {
    await docker.untag(ref);
  } catch (error) {
    reporter.warn(
      `the transient tag ${ref} is still in Docker: ${String(error)}`,
    );
  }
}

async function hashInputs(plan: BuildPlan): Promise<string> {
  const files = await depFiles(plan.deps);
  return inputHash(plan.deps.root, files, {
    ...plan.facts,
    command: plan.command,
    env: plan.env,
    ref: formatReference(plan.imageName),
    platform: formatPlatform(plan.platform),
  });
}

async function command(
  plan: BuildPlan,
  { docker, env, reporter, signal }: BuildSystems,
  expected: ExpectedRef,
): Promise<void> {
  const contract = {
    ...contractVariables(expected, plan.registry),
    SLIPWAY_PLATFORM: formatPlatform(plan.platform),
    DOCKER_DEFAULT_PLATFORM: formatPlatform(plan.platform),
    ...docker.env,
  };
  for (const name of Object.keys(plan.env)) {
    if (name in contract) {
      reporter.warn(
        `env sets ${name}, which nx-slipway sets itself: its own value is used.`,
      );
    }
  }
  const environment = { ...env, ...plan.env, ...contract };
  await runCommand({
    command:
      typeof plan.command === 'string'
        ? plan.command
        : plan.command.map((word) => expandVariables(word, contract)),
    dir: plan.dir,
    env: environment,
    timeout: plan.timeout,
    secrets: secretsOf(environment),
    signal,
    reporter,
  });
}

/** @throws SLIPWAY_E_INPUTS_CHANGED, so that nothing stale is cached */
async function assertUnchanged(plan: BuildPlan, before: string): Promise<void> {
  if ((await hashInputs(plan)) === before) return;
  throw new SlipwayError({
    code: 'SLIPWAY_E_INPUTS_CHANGED',
    message:
      'a file in deps changed while the command ran, so nobody can say what is in the image. Nothing was cached.',
    hint: 'Run it again. If the command itself writes into its deps, name those files in ignore.',
  });
}

/** A command that builds nothing looks just like this: same image, new inputs. */
async function warnIfImageStood(
  plan: BuildPlan,
  hash: string,
  id: string,
  reporter: Reporter,
): Promise<void> {
  const last = await readRecord(plan.recordFile);
  if (!last || 'refused' in last) return;
  if (last.record.contentId === id && last.record.inputHash !== hash) {
    reporter.warn(
      'the inputs changed, but the image did not. If that surprises you, check that the command really builds $EXPECTED_REF.',
    );
  }
}

async function deliver(
  plan: BuildPlan,
  { docker, connectRegistry, reporter }: BuildSystems,
  { name }: ExpectedRef,
  tag: string,
  phases: Phases,
): Promise<DeployRef> {
  if (!plan.push) {
    return { local: { ...name.local, tag }, cluster: { ...name.cluster, tag } };
  }
  const registry = connectRegistry(name.local.domain);
  const delivery = await phases.measure('push', () =>
    deliverToRegistry(docker, registry, name, tag),
  );
  if (!delivery.pushed) {
    reporter.info(`${name.local.domain} has ${name.local.path}:${tag} already`);
  }
  return delivery.deployRef;
}
