import { canonicalName, familiarName, referenceIn } from '../../../image';
import {
  injectImages,
  type Locator,
  type ManifestObject,
} from '../../../manifest';
import { SlipwayError } from '../../../report';
import type { ServedForeign } from '../../../serve';
import { NO_BUILD } from '../../../settings';
import { ownersIn, type Owner } from '../../custom-build/owners';
import { taskOf } from '../../custom-build/parents';
import type { ExecutorContext } from '@nx/devkit';
import type { ImageParts } from '../served-images';
import { liveOf } from './live';

/**
 * The images in the objects that nobody builds, and whose containers are given
 * what is saved.
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export async function foreignIn(
  objects: readonly ManifestObject[],
  locators: readonly Locator[],
  context: ExecutorContext,
  parts: ImageParts,
): Promise<ServedForeign[]> {
  const owners = ownersIn(context).filter(
    ({ options: { command, liveUpdate = [] } }) =>
      command === NO_BUILD && liveUpdate.length > 0,
  );
  const uses = owners.flatMap((owner) => {
    const name = referenceIn(owner.options.ref);
    return name
      ? [{ owner, use: { name, deployRef: name, matchInEnvVars: false } }]
      : [];
  });
  const { used } = injectImages(
    objects,
    uses.map(({ use }) => use),
    locators,
  );
  const found = uses.filter(({ use }) =>
    used.some((each) => each.use === use && each.places > 0),
  );
  return Promise.all(
    found.map(({ owner }) => servedForeign(owner, parts)),
  ).then((all) => all.flat());
}

async function servedForeign(
  owner: Owner,
  parts: ImageParts,
): Promise<ServedForeign[]> {
  parts.onOwner(owner.project);
  const plan = await parts.planOf(owner.options, owner.context);
  const name = familiarName(plan.imageName);
  const key = JSON.stringify([taskOf(owner)]);
  const of = { key, deps: [plan.deps] };
  const live = await liveOf(owner, of, parts.live);
  if (!live) return [];
  if (live.liveUpdate.restart) throw notRestarted(name);
  const { tag } = plan.imageName;
  const isOurs = (image: string) => {
    const ref = referenceIn(image);
    return (
      ref !== undefined &&
      canonicalName(ref) === canonicalName(plan.imageName) &&
      (tag === undefined || tag === ref.tag)
    );
  };
  return [{ key, name, plan, isOurs, live }];
}

function notRestarted(name: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `liveUpdate of ${name} has restart, and nothing here builds ${name}: what its containers run is not known.`,
    hint: 'Take restart out, and let a run tell the process to read its files again: { "run": "nginx -s reload" }.',
  });
}
