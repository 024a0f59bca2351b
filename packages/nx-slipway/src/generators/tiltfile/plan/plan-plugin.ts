import { PLUGIN_CALLS } from '../plugin-options';
import type { Call } from '../read';
import { own } from '../values';
import type { Ledger, PlannedOption } from './types';

const PLUGIN_TODO =
  'Write it into the options of nx-slipway in nx.json by hand.';

/** What goes into the options of nx-slipway in nx.json. */
export function planPlugin(
  calls: readonly Call[],
  ledger: Ledger,
): PlannedOption[] {
  return calls.flatMap((call) => {
    const found = own(PLUGIN_CALLS, call.name)?.(call);
    if (!found) return [];
    const { options, notes, problems } = found;
    ledger.note(call, ...notes);
    ledger.problem(call, ...problems);
    if (problems.length > 0) ledger.todo(call, PLUGIN_TODO);
    if (Object.values(options).flat().length === 0) return [];
    ledger.moved(call, 'nx.json');
    return [{ options, call }];
  });
}
