import type { Fault } from './events';

const MOST_NAMED = 5;

/** @param files that the build writes and reads, as they are named to people */
export function ownWrites(image: string, files: readonly string[]): Fault {
  const names = files.slice(0, MOST_NAMED).join(', ');
  return {
    code: 'SLIPWAY_E_INPUTS_CHANGED',
    message: `${names} changed during one build of ${image} after the other, and nothing did between them: its command writes into its own inputs. It is not built again before something else is saved.`,
    hint: 'Name what it writes in ignore, or let it write elsewhere.',
  };
}
