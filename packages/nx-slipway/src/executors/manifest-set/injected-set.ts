import { injectImages, type Injection, type ManifestSet } from '../../manifest';
import type { PlanOf } from '../custom-build/planner';
import { imagesOf, type SetImage } from './images';
import { pinOption, type SetOptions, type SetRun } from './options';

/** A manifest set with the refs of its images in it. */
export interface InjectedSet {
  readonly set: ManifestSet;
  readonly injection: Injection;
  readonly images: readonly SetImage[];
}

/** Builds what is missing of the images of a set, and puts their refs into it. */
export async function injectedSet(
  set: ManifestSet,
  options: SetOptions,
  run: SetRun,
  planOf: PlanOf,
): Promise<InjectedSet> {
  const { workspace } = run;
  const pin = pinOption(options, workspace);
  const { images, uses } = await imagesOf(
    set.objects,
    options,
    run,
    async (...asked) => ({
      ...(await planOf(...asked)),
      pin,
    }),
  );
  const injection = injectImages(set.objects, uses, workspace.options.locators);
  return { set, injection, images };
}
