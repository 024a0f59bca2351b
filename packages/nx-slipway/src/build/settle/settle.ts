import type { Phases } from '../../report';
import type { BuildPlan, SettledImage, TaggedReference } from '../plan';
import type { BuildSystems } from '../systems';
import { settleInCluster } from './in-cluster';
import { settleInDocker } from './in-docker';
import { settleInRegistry } from './in-registry';
import { settlePushed } from './pushed';
import { settleWritten } from './written';

/** A command that has ended well, and what is to become of its image. */
export interface Ended {
  readonly plan: BuildPlan;
  readonly systems: BuildSystems;
  /** The input hash. */
  readonly hash: string;
  readonly phases: Phases;
}

/** As `Ended`, where nx-slipway knows which ref to look at. */
export interface EndedAt extends Ended {
  readonly expected: TaggedReference;
}

/**
 * Finds the image where the output mode says that it is, verifies it, and
 * makes sure that it stands where the deploy ref says (design 2.3; the table
 * in docs/modes.md).
 * @param expected undefined with `outputsImageRefTo`
 */
export async function settle(
  ended: Ended,
  expected: TaggedReference | undefined,
): Promise<SettledImage> {
  if (!expected) return settleWritten(ended);
  const at = { ...ended, expected };
  switch (ended.plan.store) {
    case 'docker':
      return settleInDocker(at);
    case 'docker-and-registry':
      return settlePushed(at);
    case 'registry':
      return settleInRegistry(at);
    case 'cluster':
      return settleInCluster(at);
  }
}
