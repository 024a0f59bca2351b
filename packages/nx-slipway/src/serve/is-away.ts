import { isInDocker } from '../build';
import { SlipwayError, hasCode } from '../report';
import type { ServedImage } from './desired';
import { mayPass } from './retry';

/**
 * Whether an image has failed since a system was away. A command that builds in
 * a Docker that has gone says so in its own words.
 */
export async function isAway(
  error: unknown,
  { plan, systems }: ServedImage,
): Promise<boolean> {
  if (mayPass(error)) return true;
  if (!hasCode(error, 'SLIPWAY_E_COMMAND_FAILED') || !isInDocker(plan)) {
    return false;
  }
  try {
    await systems.docker.ping();
    return false;
  } catch (reason) {
    return reason instanceof SlipwayError;
  }
}
