import type { Target } from '../desired';
import type { ServedOwner } from './types';

export function ownerOf({
  object: { apiVersion },
  kind,
  namespace,
  name,
}: Target): ServedOwner {
  return {
    apiVersion,
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
  };
}
