import type { nodePlatforms } from '../../cluster';
import type { CurrentImage } from '../../build';
import { formatReference } from '../../image';
import { assertRunnable } from '../../load';
import { injectImages, valuesIn, type ManifestObject } from '../../manifest';
import type { Reporter, Secrets } from '../../report';
import type { LoadedManifests, ServedImage } from '../../serve';
import { sourceTrees, type SourceTree } from '../../source';
import { candidatesIn, useOf, type Candidate } from '../manifest-set/images';
import { pinOption } from '../manifest-set/options';
import { readSet, sourceOf } from '../manifest-set/read-set';
import { workspaceOf } from '../workspace';
import type { LostImages } from './lost-images';
import { imageUseOptions } from '../custom-build/injection';
import { foreignIn } from './live';
import { ServedImages, type ImageParts } from './served-images';
import {
  assertShell,
  supervise,
  type Supervised,
  type processConfigs,
} from './supervision';
import type { ServeTarget } from './targets';

export interface LoadParts extends Omit<ImageParts, 'pin' | 'options'> {
  readonly reporter: Reporter;
  readonly secrets: Secrets;
  /** Of the nodes; undefined: they may not be listed. */
  readonly platforms: () => ReturnType<typeof nodePlatforms>;
  /** What images run. */
  readonly configOf: ReturnType<typeof processConfigs>;
  /** Of the same manifests, from one time to the next. */
  readonly lost: LostImages;
}

export interface ReadManifests extends LoadedManifests {
  /** The images in them that nothing here builds, as they are written. */
  readonly strangers: readonly string[];
}

/**
 * The manifests of a project as they are now, and the images that stand in them.
 * @throws as readSet and LostImages, and for whatever is wrong with options
 */
export async function loadManifests(
  { options, context }: ServeTarget,
  parts: LoadParts,
  signal: AbortSignal,
): Promise<ReadManifests> {
  const workspace = workspaceOf(context);
  const { reporter } = parts;
  const set = await readSet(options, workspace, { ...parts, signal });
  const { all, used, others } = candidatesIn(set.objects, options, {
    context,
    workspace,
    reporter,
    isOpen: true,
    needsEdges: false,
  });
  parts.lost.take(set.objects, all, used);
  const pin = pinOption(options, workspace);
  const imageParts = { ...parts, options, pin };
  const images = new ServedImages(imageParts);
  const byUse = new Map<Candidate['use'], ServedImage>();
  for (const { owner, use } of used) byUse.set(use, await images.add(owner));
  assertRunnable(
    [...byUse.values()].map(({ name, plan: { platform } }) => ({
      name,
      platform,
    })),
    await parts.platforms(),
  );
  const { locators } = workspace.options;
  const uses = all.map(({ use }) => use);
  return {
    objects: set.objects.map((manifest) => ({
      manifest,
      images: keysIn(manifest),
    })),
    images: images.all,
    foreign: await foreignIn(set.objects, locators, context, imageParts),
    uses: JSON.stringify(
      used.map(({ owner, use }) => [
        byUse.get(use)?.key,
        imageUseOptions(owner.options),
        byUse.get(use)?.live?.liveUpdate.restart,
      ]),
    ),
    inject,
    strangers: others,
  };

  function keysIn(manifest: ManifestObject): string[] {
    const found = injectImages([manifest], uses, locators).used;
    return found.flatMap(({ use, places }) =>
      places > 0 ? (byUse.get(use)?.key ?? []) : [],
    );
  }

  async function inject(
    current: ReadonlyMap<string, CurrentImage>,
  ): Promise<ManifestObject[]> {
    // Those that stand nowhere too: how names match depends on all of them.
    const injected = all.map(({ use }) => {
      const candidate = used.find((each) => each.use === use);
      const image = current.get(byUse.get(use)?.key ?? '');
      return candidate && image
        ? useOf(candidate, image.deployRef.cluster)
        : use;
    });
    const { objects } = injectImages(set.objects, injected, locators);
    const withRefs = set.objects.map((each, index) => ({
      ...each,
      object: objects[index] ?? each.object,
    }));
    return supervise(withRefs, await restartedOf(current));
  }

  /** The images whose processes are started again by live updates. */
  async function restartedOf(
    current: ReadonlyMap<string, CurrentImage>,
  ): Promise<Supervised[]> {
    const restarted = images.all.flatMap(({ key, plan, live }) => {
      const image = current.get(key);
      return image && live?.liveUpdate.restart ? [{ plan, image }] : [];
    });
    return Promise.all(
      restarted.map(async ({ plan, image }) => {
        const config = await parts.configOf(image, plan, parts.systems);
        assertShell(plan, config);
        return { ref: formatReference(image.deployRef.cluster), config };
      }),
    );
  }
}

/** Where the manifests of a project are read from. */
export function manifestTrees({ options, context }: ServeTarget): SourceTree[] {
  const workspace = workspaceOf(context);
  const globs = workspace.manifestGlobs;
  // What is found by the globs is found anew each time.
  if (options.source === undefined) {
    const found = sourceTrees({ kind: 'yaml', globs }, valuesIn, context.root);
    return [...found, ...foundTrees()];
  }
  return sourceTrees(sourceOf(options, workspace), valuesIn, context.root);

  function foundTrees(): SourceTree[] {
    try {
      const source = sourceOf(options, workspace);
      return source.kind === 'yaml'
        ? []
        : sourceTrees(source, valuesIn, context.root);
    } catch {
      // Whoever reads them tells of it.
      return [];
    }
  }
}
