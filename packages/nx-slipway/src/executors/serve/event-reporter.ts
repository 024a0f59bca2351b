import type { Reporter } from '../../report';
import type { OnEvent } from '../../serve';

/**
 * What the rooms below say, as events of a serve. The same warning comes once:
 * manifests are read again and again.
 */
export function eventReporter(emit: OnEvent): Reporter {
  const warned = new Set<string>();
  return {
    info: (text) => emit({ type: 'message', level: 'info', text }),
    warn: (text) => {
      if (warned.has(text)) return;
      warned.add(text);
      emit({ type: 'message', level: 'warning', text });
    },
    output: (_, chunk) => {
      const text = chunk.trimEnd();
      if (text !== '') emit({ type: 'message', level: 'info', text });
    },
  };
}
