import { familiarName, formatReference } from '../../image';
import {
  injectImages,
  type Locator,
  type ManifestObject,
} from '../../manifest';
import { SlipwayError } from '../../report';
import type { Candidate } from '../manifest-set/images';

/**
 * The images of this workspace that the manifests of a project were last read
 * with. On a branch without the project that builds one, its name would go to
 * the cluster as it is written.
 */
export class LostImages {
  private known: readonly Candidate[] = [];

  constructor(private readonly locators: readonly Locator[]) {}

  /**
   * @param all images of the workspace as it is now
   * @param used those of them that stand in the objects
   * @throws SLIPWAY_E_OPTION_INVALID for one that stood and stands in them, and
   *   that nothing builds any more
   */
  take(
    objects: readonly ManifestObject[],
    all: readonly Candidate[],
    used: readonly Candidate[],
  ): void {
    const names = new Set(all.map(nameOf));
    const lost = this.known.filter((each) => !names.has(nameOf(each)));
    // None, as a rule: the manifests need not be gone through once more.
    if (lost.length > 0) this.assertNotPlaced(lost, all, objects);
    this.known = used;
  }

  private assertNotPlaced(
    lost: readonly Candidate[],
    all: readonly Candidate[],
    objects: readonly ManifestObject[],
  ): void {
    const uses = [...all, ...lost].map(({ use }) => use);
    const placed = injectImages(objects, uses, this.locators).used;
    const first = lost.find(({ use }) =>
      placed.some((each) => each.use === use && each.places > 0),
    );
    if (first) throw notBuilt(first);
  }
}

const nameOf = ({ use }: Candidate) => formatReference(use.name);

function notBuilt({ use, owner }: Candidate): SlipwayError {
  const name = familiarName(use.name);
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `nothing builds the image ${name} any more, which ${owner.project} built, and manifests still name it.`,
    hint: 'Until that is put right, all goes on as it was before the last edit. If others build it now, start serve again.',
  });
}
