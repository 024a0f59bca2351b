import { withoutSecrets } from '../../report';
import type { ServeEvent } from '../events';

/** What programs act on: names, and words of which there are only a few. */
const AS_THEY_ARE = [
  ...['type', 'state', 'phase', 'result', 'level', 'stream', 'trigger'],
  ...['action', 'apiVersion', 'kind', 'code', 'ref', 'name', 'url', 'object'],
  ...['image', 'images', 'project', 'configuration', 'namespace', 'subjects'],
  ...['pod', 'container', 'context', 'registry'],
];
/** Its reason is such a word; those of others are texts. */
const OF_END = [...AS_THEY_ARE, 'reason'];

/** An event as it may be shown, whole: half a secret would not be recognised. */
export function shownEvent(
  event: ServeEvent,
  secrets: readonly string[],
): ServeEvent {
  const asTheyAre = event.type === 'end' ? OF_END : AS_THEY_ARE;
  return withoutSecrets(event, secrets, asTheyAre);
}
