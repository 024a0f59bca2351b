import { oneLine } from '../../report';
import type { ObjectAction } from '../../deploy';
import type { ObjectsEvent } from '../events';
import { someOf } from './some-of';

/** What is not told by the cycle's own line, or by its error. */
const TOLD: readonly ObjectAction[] = [
  'created',
  'recreated',
  'pruned',
  'deleted',
];
const MAX_NAMES = 3;

/** `created deployment/web, service/web +3 more; pruned job/old` */
export function objectsLine({ objects }: ObjectsEvent): string | undefined {
  const parts = TOLD.flatMap((wanted) => {
    const names = objects
      .filter(({ action }) => action === wanted)
      .map(({ kind, name }) => oneLine(`${kind.toLowerCase()}/${name}`));
    return names.length > 0 ? [`${wanted} ${someOf(names, MAX_NAMES)}`] : [];
  });
  return parts.length > 0 ? parts.join('; ') : undefined;
}
