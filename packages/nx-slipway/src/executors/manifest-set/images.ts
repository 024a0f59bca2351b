import { isInDocker, isInRegistry } from '../../build';
import {
  familiarName,
  formatReference,
  referenceIn,
  type ImageReference,
  type Platform,
} from '../../image';
import {
  injectImages,
  unusedImageWarnings,
  type ImageUse,
  type ManifestObject,
} from '../../manifest';
import { counted, SlipwayError } from '../../report';
import { NO_BUILD } from '../../settings';
import { imageUseOptions } from '../custom-build/injection';
import { ownersIn, type Owner } from '../custom-build/owners';
import {
  ensureImages,
  taskOf,
  type EnsuredImage,
} from '../custom-build/parents';
import type { PlanOf } from '../custom-build/planner';
import { assertEdges } from './graph-edges';
import {
  imagesOption,
  type FindRun,
  type SetOptions,
  type SetRun,
} from './options';

/** An image that a manifest set uses, standing where it is deployed from. */
export interface SetImage {
  /** As in `ref`. */
  readonly name: string;
  /** Goes into the manifests. */
  readonly ref: ImageReference;
  /** As this machine calls it. */
  readonly local: ImageReference;
  readonly platform: Platform;
  /** Whether it had to be built now. */
  readonly built: boolean;
  /** In Docker, and in no registry that the cluster could pull it from. */
  readonly isInDockerAlone: boolean;
  readonly use: ImageUse;
}

export interface SetImages {
  readonly images: readonly SetImage[];
  /** Of all images of the workspace, in their order, to be injected. */
  readonly uses: readonly ImageUse[];
}

/** An image of this workspace, which may stand in manifests. */
export interface Candidate {
  readonly owner: Owner;
  /** With the image's own name for a ref. */
  readonly use: ImageUse;
}

export interface Candidates {
  /** All of the workspace. */
  readonly all: readonly Candidate[];
  /** Those that stand in the objects, for the place that the set is for. */
  readonly used: readonly Candidate[];
  /** What else stands in the objects, as it is written there. */
  readonly others: readonly string[];
}

/**
 * The images of this workspace that stand in the objects. What nobody here
 * builds is left alone.
 * @throws SLIPWAY_E_OPTION_INVALID, SLIPWAY_E_OPTION_CONFLICT,
 *   SLIPWAY_E_IMAGE_EDGE
 */
export function candidatesIn(
  objects: readonly ManifestObject[],
  options: SetOptions,
  run: FindRun,
): Candidates {
  const { context } = run;
  const builders = ownersIn(context).filter(
    ({ options: { command } }) => command !== NO_BUILD,
  );
  const all = builders.flatMap((owner) => candidateOf(owner));
  assertNamed(objects, builders, run);
  const { used, others } = usedOf(objects, all, run);
  warnOfUnused(objects, all, used, imagesOption(options), run);
  assertEdges(
    used.map(({ owner }) => owner),
    run,
  );
  const placed = used.map((candidate) => ({
    ...candidate,
    owner: forThisPlace(candidate.owner, options, run),
  }));
  return { all, used: placed, others };
}

/** What is injected for a candidate that stands under a ref. */
export function useOf(
  { owner, use }: Candidate,
  deployRef: ImageReference,
): ImageUse {
  return { ...use, ...imageUseOptions(owner.options), deployRef };
}

/**
 * The images of this workspace that stand in the objects, each built if it is
 * not where it is deployed from.
 * @param planOf plans a build for the place that the set is for
 */
export async function imagesOf(
  objects: readonly ManifestObject[],
  options: SetOptions,
  run: SetRun,
  planOf: PlanOf,
): Promise<SetImages> {
  const { workspace, reporter, context, systems, secrets } = run;
  const { all, used } = candidatesIn(objects, options, run);
  const owners = used.map(({ owner }) => owner);
  const ensured = await ensureImages(owners, {
    context,
    systems,
    secrets,
    planOf,
  });
  const count = counted(ensured.length, 'image');
  reporter.info(
    `${count} of this workspace in ${counted(objects.length, 'object')} of ${workspace.projectName}`,
  );
  const images = used.map((candidate, index) =>
    setImage(candidate, ensured[index] as EnsuredImage),
  );
  // Those that stand nowhere too: how names match depends on all of them.
  const uses = all.map(({ use }) => {
    const at = used.findIndex((candidate) => candidate.use === use);
    return images[at]?.use ?? use;
  });
  return { images, uses };
}

/**
 * A target without a ref builds nobody knows what. Where manifests name an image
 * as its project is called, they would get one from elsewhere.
 * @throws SLIPWAY_E_OPTION_INVALID
 */
function assertNamed(
  objects: readonly ManifestObject[],
  builders: readonly Owner[],
  { workspace, reporter }: FindRun,
): void {
  const nameless = builders.filter(({ options }) => !referenceIn(options.ref));
  if (nameless.length === 0) return;
  const { others } = injectImages(objects, [], workspace.options.locators);
  const names = others.map((text) => {
    const { path = '' } = referenceIn(text) ?? {};
    return path.slice(path.lastIndexOf('/') + 1);
  });
  for (const owner of nameless) {
    const ref = JSON.stringify(owner.options.ref) ?? 'missing';
    const what = `the ref of ${taskOf(owner)} is ${ref}, so nobody knows which image it builds`;
    const [name] = owner.project.split('/').slice(-1);
    if (name === undefined || !names.includes(name)) {
      reporter.warn(`${what}.`);
      continue;
    }
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_INVALID',
      message: `${what}, and the manifests of ${workspace.projectName} use one called ${name}.`,
      hint: 'Write the image name into ref, as the manifests have it.',
    });
  }
}

/** One without a name is told above. */
function candidateOf(owner: Owner): Candidate[] {
  const { ref, matchInEnvVars = false } = owner.options;
  const name = referenceIn(ref);
  return name
    ? [{ owner, use: { name, deployRef: name, matchInEnvVars } }]
    : [];
}

/** @throws SLIPWAY_E_OPTION_CONFLICT if two targets build an image that is used */
function usedOf(
  objects: readonly ManifestObject[],
  candidates: readonly Candidate[],
  { workspace }: FindRun,
): Pick<Candidates, 'used' | 'others'> {
  const uses = candidates.map(({ use }) => use);
  const { locators } = workspace.options;
  const { used, others } = injectImages(objects, uses, locators);
  const found = candidates.filter(({ use }) =>
    used.some((one) => one.use === use && one.places > 0),
  );
  for (const { owner, use } of found) {
    const ref = formatReference(use.name);
    const other = candidates.find(
      (each) => each.owner !== owner && formatReference(each.use.name) === ref,
    );
    if (!other) continue;
    throw new SlipwayError({
      code: 'SLIPWAY_E_OPTION_CONFLICT',
      message: `the manifests of ${workspace.projectName} use the image ${ref}, which ${taskOf(owner)} and ${taskOf(other.owner)} both build.`,
      hint: 'Give each image a name of its own, or let the tags in ref tell them apart.',
    });
  }
  return { used: found, others };
}

/** Those of the option `images`, and those that the project itself builds. */
function warnOfUnused(
  objects: readonly ManifestObject[],
  candidates: readonly Candidate[],
  used: readonly Candidate[],
  asked: readonly ImageReference[],
  { workspace, reporter }: FindRun,
): void {
  const own = candidates
    .filter(({ owner }) => owner.project === workspace.projectName)
    .map(({ use }) => use.name);
  const names = used.map(({ use }) => formatReference(use.name));
  const unused = [...asked, ...own].filter(
    (name) => !names.includes(formatReference(name)),
  );
  const { locators } = workspace.options;
  for (const line of unusedImageWarnings(unused, objects, locators)) {
    reporter.warn(line);
  }
}

/** The registry and the cluster of the set are those of its images. */
function forThisPlace(
  owner: Owner,
  { registry, context }: SetOptions,
  { isOpen }: FindRun,
): Owner {
  const { options } = owner;
  return {
    ...owner,
    options: {
      ...options,
      registry: registry ?? options.registry,
      // One that is open already is not opened by its name again.
      context: isOpen ? undefined : (context ?? options.context),
    },
  };
}

function setImage(
  candidate: Candidate,
  { plan, image, built }: EnsuredImage,
): SetImage {
  const ref = image.deployRef.cluster;
  return {
    name: familiarName(plan.imageName),
    ref,
    local: image.deployRef.local,
    platform: plan.platform,
    built,
    isInDockerAlone: isInDocker(plan) && !isInRegistry(plan),
    use: useOf(candidate, ref),
  };
}

/** As `--output json` has them. */
export function imagesForJson(images: readonly SetImage[]) {
  return images.map(({ name, ref, built }) => ({
    name,
    ref: formatReference(ref),
    built,
  }));
}
