import type { Weight } from './pod-trouble';

/** A name that the registry does not have will not be there at the next try. */
const ABSENT = /code = NotFound|manifest unknown|: not found\b/;

/** Of the registry or the way to it, not of the image. */
const PASSING =
  /time(?:d )?out|deadline exceeded|connection (?:refused|reset)|no such host|network is unreachable|unexpected EOF|too ?many ?requests|qps exceeded|unavailable|bad gateway|server error|\b(?:429|50[0-4])\b/i;

/**
 * How a container is to be judged that waits for its image. Its first try may
 * fail for a reason that has gone at the second, ten seconds later. Kubernetes
 * from 1.31 on says with ImagePullBackOff what has failed.
 */
export function pullWeight(
  reason: string,
  message: string,
): Weight | undefined {
  switch (reason) {
    case 'InvalidImageName':
    case 'ErrImageNeverPull':
      return 'now';
    case 'ErrImagePull':
      return ABSENT.test(message) && !PASSING.test(message) ? 'now' : 'pull';
    case 'ImagePullBackOff':
    case 'RegistryUnavailable':
      return PASSING.test(message) ? 'pull' : 'now';
    default:
      return undefined;
  }
}
