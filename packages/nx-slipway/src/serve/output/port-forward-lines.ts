import { oneLine } from '../../report';
import type { PortForwardEvent } from '../events';

/**
 * A line where a person would do something else than before: not each time that
 * a pod takes another's place.
 */
export class PortForwardLines {
  private readonly known = new Map<string, PortForwardEvent['state']>();

  /** @returns undefined where it is no news */
  of(event: PortForwardEvent): string | undefined {
    const { project, object, url, state } = event;
    const key = [project, object, url].join(' ');
    const before = this.known.get(key);
    if (state === before || (state === 'waiting' && before !== undefined)) {
      return undefined;
    }
    this.known.set(key, state);
    const why = event.message === undefined ? '' : `: ${event.message}`;
    return oneLine(`${url} ${WORDS[state]} ${object}${why}`);
  }
}

const WORDS: Readonly<Record<PortForwardEvent['state'], string>> = {
  open: '->',
  waiting: 'waits for a ready pod of',
  failed: 'does not lead to',
};
