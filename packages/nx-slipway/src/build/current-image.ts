import { relative } from 'node:path';
import {
  canonicalName,
  contentId,
  contentTag,
  familiarName,
  formatReference,
  identityOfInspect,
  isUnder,
  mapToRegistry,
  parseReference,
  pinnedOn,
  swapHost,
  taggedOn,
  type DeployRef,
  type ImageRecord,
  type ImageReference,
} from '../image';
import { holds, readImage } from '../registry';
import {
  contentTagOf,
  destinationOf,
  destinationUnder,
  digestStanding,
  ledgerKey,
  pushFromDocker,
} from './destination';
import type { Built } from '../state';
import { expectedRef } from './expected-ref';
import { readLastRecord } from './last-record';
import { recordOf } from './record-of';
import type { BuildPlan, SettledImage } from './plan';
import type { BuildSystems } from './systems';

/** An image that needs no build, and the record that says so. */
export interface CurrentImage extends SettledImage {
  readonly record: ImageRecord;
}

/**
 * The image that was built of these inputs before, if it can be deployed: it
 * stands in the registry, or Docker has it to push. Two memories are asked:
 * the record, which Nx may have restored from a cache, and this machine's
 * ledger, for a record whose image is gone for ever (a build that is not
 * reproducible, after its registry was wiped) must not mean a rebuild each
 * time (design 1).
 * @param hash the input hash of the files as they are now
 * @param asked the ledger alone where the record is known to be of a build
 *   before this one
 */
export async function currentImage(
  plan: BuildPlan,
  hash: string,
  systems: BuildSystems,
  asked: 'both' | 'ledger' = 'both',
): Promise<CurrentImage | undefined> {
  const built = await systems.ledger.builtFor(ledgerKey(plan), hash);
  const record =
    asked === 'both'
      ? await trustedRecord(plan, hash, built, systems)
      : undefined;
  for (const { contentId, ref: written } of differing(record, built)) {
    const ref = written === undefined ? undefined : parseReference(written);
    const deployRef = await standingRef(plan, contentId, ref, systems);
    if (deployRef) {
      const found = { contentId, deployRef, ref };
      return { ...found, record: recordOf(plan, found, hash) };
    }
  }
  if (record) {
    const tag = contentTag(record.contentId, plan.tagPrefix);
    notUsed(
      plan,
      `its image, ${tag}, is not where it is deployed from`,
      systems,
    );
  }
  return undefined;
}

/** What is known, each once: to ask for it twice is a request too many. */
function differing(...known: readonly (Built | undefined)[]): Built[] {
  const each = known.flatMap((one): [string, Built][] =>
    one ? [[`${one.contentId} ${one.ref}`, one]] : [],
  );
  return [...new Map(each).values()];
}

/**
 * The record of a plan, if it is of this image and of these inputs. A cache
 * that others write to may have put it there: what it alone says is never
 * deployed, and what of it is wrong is told (docs/security.md).
 * @param built what this machine itself remembers of these inputs
 */
async function trustedRecord(
  plan: BuildPlan,
  hash: string,
  built: Built | undefined,
  systems: BuildSystems,
): Promise<ImageRecord | undefined> {
  const record = await readLastRecord(plan.recordFile, systems.reporter);
  if (!record) return undefined;
  const wrong = faultOf(record, plan, hash, built);
  if (wrong === undefined) return record;
  // Files change while nobody builds: in a process that watches them from now
  // on there is nothing strange in that.
  if (wrong !== OTHER_INPUTS || !systems.knownFiles) {
    notUsed(plan, wrong, systems);
  }
  return undefined;
}

const OTHER_INPUTS = 'it is of other inputs than there are now';

function faultOf(
  { name, inputHash, ref }: ImageRecord,
  plan: BuildPlan,
  hash: string,
  built: Built | undefined,
): string | undefined {
  const own = familiarName(plan.imageName);
  if (name !== own) return `it is of ${name}, not of ${own}`;
  if (inputHash !== hash) return OTHER_INPUTS;
  if (ref === undefined || ref === built?.ref) return undefined;
  if (plan.source.kind !== 'file') return `it names ${ref}, which nobody wrote`;
  return isOwnRepository(parseReference(ref), plan)
    ? undefined
    : `it names ${ref}, which is no ref of ${own}`;
}

/**
 * Whether a ref is one that this image is expected under. A command may write
 * any, but then this machine must have seen it do so.
 */
function isOwnRepository(
  ref: ImageReference,
  { imageName, registry }: BuildPlan,
): boolean {
  const { local, cluster } = mapToRegistry(imageName, registry);
  return [imageName, local, cluster].some(
    (name) => canonicalName(name) === canonicalName(ref),
  );
}

function notUsed(
  { recordFile, root }: BuildPlan,
  why: string,
  { reporter }: BuildSystems,
): void {
  reporter.warn(`${relative(root, recordFile)} is not used: ${why}.`);
}

/** Where the image of that content stands, brought there if Docker has it. */
async function standingRef(
  plan: BuildPlan,
  id: string,
  written: ImageReference | undefined,
  systems: BuildSystems,
): Promise<DeployRef | undefined> {
  if (plan.source.kind === 'file') {
    return written && standingWritten(plan, id, written, systems);
  }
  if (plan.store === 'cluster') {
    // That it was built is all that anybody knows; its id is the input hash.
    const ref = expectedRef(plan, systems.place, id);
    return ref && { local: ref, cluster: ref };
  }
  if (plan.store === 'docker') return standingByContent(plan, id, systems);
  return standingInRegistry(plan, id, systems);
}

async function standingInRegistry(
  plan: BuildPlan,
  id: string,
  systems: BuildSystems,
): Promise<DeployRef | undefined> {
  const destination = destinationOf(plan, systems);
  const tag = contentTagOf(plan, id);
  const digest = await digestStanding(destination, tag, id, systems);
  return digest === undefined
    ? undefined
    : pinnedOn(destination.name, tag, digest, plan.pin);
}

async function standingByContent(
  plan: BuildPlan,
  id: string,
  systems: BuildSystems,
): Promise<DeployRef | undefined> {
  const tag = contentTagOf(plan, id);
  const name = mapToRegistry(plan.imageName, plan.registry);
  if (plan.push) {
    const standing = await standingInRegistry(plan, id, systems);
    if (standing) return standing;
  }
  if (!(await dockerHas({ ...name.local, tag }, id, systems))) return undefined;
  if (!plan.push) return taggedOn(name, tag);
  const destination = destinationOf(plan, systems);
  const digest = await pushFromDocker(destination, tag, systems);
  return pinnedOn(name, tag, digest, plan.pin);
}

/** With `outputsImageRefTo`: where the ref that the script wrote then stands. */
async function standingWritten(
  plan: BuildPlan,
  id: string,
  ref: ImageReference,
  systems: BuildSystems,
): Promise<DeployRef | undefined> {
  if (plan.store === 'cluster') return { local: ref, cluster: ref };
  const isElsewhere =
    plan.registry !== undefined && !isUnder(ref, plan.registry);
  if (plan.store === 'docker' && plan.push && isElsewhere) {
    return standingByContent(plan, id, systems);
  }
  if (plan.store === 'docker' && !plan.push) {
    const { domain, path } = ref;
    const tag = ref.tag && contentTag(id, plan.tagPrefix);
    const kept = tag ? { domain, path, tag } : ref;
    const isThere = await dockerHas(kept, id, systems);
    return isThere ? swapHost(kept, plan.registry) : undefined;
  }
  const { name, client } = destinationUnder(ref, plan, systems);
  const reference = ref.digest ?? ref.tag ?? '';
  const image = await readImage(client, name.local.path, reference);
  if (!image || !holds(image, id)) return undefined;
  return pinnedOn(name, ref.tag, image.digest, plan.pin);
}

async function dockerHas(
  ref: ImageReference,
  id: string,
  { docker }: BuildSystems,
): Promise<boolean> {
  const image = await docker.inspect(formatReference(ref));
  return image !== undefined && contentId(identityOfInspect(image)) === id;
}
