import {
  canonicalName,
  contentTag,
  familiarName,
  mapToRegistry,
  swapHost,
  tagUnder,
  type DeployRef,
  type ImageReference,
} from '../image';
import {
  holds,
  readImage,
  type RegistryClient,
  type RegistryImage,
} from '../registry';
import { SlipwayError } from '../report';
import type { LedgerKey } from '../state';
import type { BuildPlan } from './plan';
import { withLogin } from './push-login';
import type { BuildSystems } from './systems';

/** A repository in a registry that an image is delivered to, or found in. */
export interface Destination {
  /** On both sides, without tag. */
  readonly name: DeployRef;
  readonly client: RegistryClient;
  readonly key: LedgerKey;
}

/**
 * Where this plan's images go: the mapped name in the registry in force. What
 * the command pushes itself to a full ref of its own stays there.
 */
export function destinationOf(
  plan: BuildPlan,
  systems: BuildSystems,
): Destination {
  const { source, store } = plan;
  if (source.kind === 'ref' && store !== 'docker') {
    return destinationUnder(source.ref, plan, systems);
  }
  const name = mapToRegistry(plan.imageName, plan.registry);
  return destinationAt(name, plan, systems);
}

/** The repository of a ref that the command has chosen itself. */
export function destinationUnder(
  { domain, path }: ImageReference,
  plan: BuildPlan,
  systems: BuildSystems,
): Destination {
  return destinationAt(
    swapHost({ domain, path }, plan.registry),
    plan,
    systems,
  );
}

function destinationAt(
  name: DeployRef,
  { imageName, registry }: BuildPlan,
  { connectRegistry }: BuildSystems,
): Destination {
  return {
    name,
    client: connectRegistry(name.local.domain, registry),
    key: {
      name: familiarName(imageName),
      destination: canonicalName(name.local),
    },
  };
}

/** What the ledger knows a plan's builds by. */
export function ledgerKey(plan: BuildPlan): LedgerKey {
  const { local } = mapToRegistry(plan.imageName, plan.registry);
  return {
    name: familiarName(plan.imageName),
    destination: isInRegistry(plan) ? canonicalName(local) : plan.store,
  };
}

/** Whether a plan's image is in Docker when its command has ended. */
export function isInDocker({ store }: BuildPlan): boolean {
  return store === 'docker' || store === 'docker-and-registry';
}

/** Whether a plan's image ends up in a registry, whoever pushes it. */
export function isInRegistry({ store, push }: BuildPlan): boolean {
  return store === 'docker' ? push : store !== 'cluster';
}

/** The content tag of a plan's image, with its name in it under `singleName`. */
export function contentTagOf(plan: BuildPlan, contentId: string): string {
  const tag = contentTag(contentId, plan.tagPrefix);
  return tagUnder(plan.imageName, plan.registry, tag);
}

/**
 * The digest of what stands in the registry under a content tag. What was
 * verified before costs one HEAD request. What was not is read, and its
 * content id computed from the registry's own bytes: a tag is only a claim.
 * @returns undefined if nothing stands there, or something else (with a
 *   warning)
 */
export async function digestStanding(
  { name, client, key }: Destination,
  tag: string,
  contentId: string,
  { ledger, reporter }: Pick<BuildSystems, 'ledger' | 'reporter'>,
): Promise<string | undefined> {
  const [head, verified] = await Promise.all([
    client.headManifest(name.local.path, tag),
    ledger.verifiedDigest(key, tag),
  ]);
  if (!head) return undefined;
  if (verified === head.digest) return head.digest;
  const image = await readImage(client, name.local.path, head.digest);
  if (image && holds(image, contentId)) {
    await remember(ledger.rememberVerified(key, tag, image.digest), reporter);
    return image.digest;
  }
  reporter.warn(
    `something else stands under ${familiarName(name.local)}:${tag} than the tag says. It is not used, and the tag is written again.`,
  );
  return undefined;
}

/** What this machine cannot remember it has to look up again, no more. */
export async function remember(
  writing: Promise<void>,
  reporter: BuildSystems['reporter'],
): Promise<void> {
  try {
    await writing;
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    reporter.warn(error.message);
  }
}

/**
 * Puts the content tag on a manifest that stands in the registry already. No
 * layer moves.
 * @returns the digest that stands under the tag
 */
export async function tagInRegistry(
  { name, client, key }: Destination,
  tag: string,
  image: RegistryImage,
  { ledger, reporter }: BuildSystems,
): Promise<string> {
  const digest = await client.putManifest(name.local.path, tag, image);
  await remember(ledger.rememberVerified(key, tag, digest), reporter);
  return digest;
}

/**
 * Pushes what Docker has under the tag.
 * @returns the digest that stands under the tag
 */
export async function pushFromDocker(
  { name, key }: Destination,
  tag: string,
  { docker, ledger, reporter, credentials, signal }: BuildSystems,
): Promise<string> {
  const { domain } = name.local;
  const repository = familiarName(name.local);
  const digest = await withLogin(domain, credentials, (login) =>
    docker.push(repository, tag, login, signal),
  );
  // Nothing waits for it but the end of all (build-systems.ts).
  void remember(ledger.rememberVerified(key, tag, digest), reporter);
  return digest;
}
