import type { Call } from '../read';
import type { Finding, Ledger } from './types';

const NOTHING = 'it says nothing that is needed here';

interface Entry {
  readonly to: Set<string>;
  readonly notes: string[];
  readonly problems: string[];
  todo?: string;
}

/** @param calls all that there are, in order: each is found once */
export function ledgerOf(calls: readonly Call[]): Ledger {
  const entries = new Map<Call, Entry>(
    calls.map((call) => [call, { to: new Set(), notes: [], problems: [] }]),
  );
  const of = (call: Call): Entry => {
    const entry = entries.get(call);
    // It is ours to look up only what we were given.
    if (!entry) throw new Error(`no such call: ${call.text}`);
    return entry;
  };
  return {
    moved: (call, to) => void of(call).to.add(to),
    refused: (call, to, why) => {
      of(call).to.delete(to);
      of(call).problems.push(why);
    },
    note: (call, ...notes) => {
      const entry = of(call);
      entry.notes.push(...notes.filter((note) => !entry.notes.includes(note)));
    },
    problem: (call, ...problems) => void of(call).problems.push(...problems),
    fate: (call, { isNeedless, why, todo }) => {
      const entry = of(call);
      (isNeedless ? entry.notes : entry.problems).push(why);
      if (todo) entry.todo = todo;
    },
    todo: (call, todo) => {
      of(call).todo = todo;
    },
    findings: () =>
      [...entries].map(([call, { to, notes, ...entry }]) => {
        const result = resultOf(to.size > 0, entry.problems.length > 0);
        const isSilent = result === 'needless' && notes.length === 0;
        return {
          call,
          result,
          to: [...to],
          notes: isSilent ? [NOTHING] : notes,
          ...entry,
        };
      }),
  };
}

function resultOf(isMoved: boolean, hasProblems: boolean): Finding['result'] {
  if (isMoved) return hasProblems ? 'part' : 'moved';
  return hasProblems ? 'left' : 'needless';
}
