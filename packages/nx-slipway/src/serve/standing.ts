import type { BuildPlan, CurrentImage } from '../build';
import type { FileStates } from '../inputs';
import type { ServedImage } from './desired';

/** An image that stands, and of which inputs. */
export interface Standing {
  readonly image: CurrentImage;
  /** The input hash; none: the inputs changed while it was built. */
  readonly hash?: string;
  /** A hash of all that counts beside the files. */
  readonly facts: string;
  /** As they were before it was built. */
  readonly files: FileStates;
  /** Those that changed while it was built. */
  readonly moved: readonly string[];
}

/** An image, and where it was brought. */
export interface Stood extends Standing {
  readonly place: string;
}

/** What no hash of inputs says: where it is brought, and by which ref. */
export function placeOf({ registry, push, pin, tagPrefix }: BuildPlan): string {
  return JSON.stringify([registry, push, pin, tagPrefix]);
}

/** All of its options that say what is made of what. */
export function textOf({
  plan,
  parents,
  preparation,
  live,
}: ServedImage): string {
  const { liveUpdate, fed } = live ?? {};
  return JSON.stringify([plan, parents, preparation, liveUpdate, fed]);
}
