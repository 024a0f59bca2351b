import { reportOf } from '../apply';
import type { Member } from '../live';
import type { ObjectReport } from '../types';

/** What becomes of a member that is to go. */
export interface Fate {
  readonly member: Member;
  /** None: it is deleted. */
  readonly keptFor?: string;
}

export function fateOf(member: Member, keptFor: string | undefined): Fate {
  return { member, ...(keptFor !== undefined && { keptFor }) };
}

export function isDoomed({ keptFor }: Fate): boolean {
  return keptFor === undefined;
}

/** @param action what it is called that it is deleted */
export function fateReport(
  { member, keptFor }: Fate,
  action: 'pruned' | 'deleted',
): ObjectReport {
  return keptFor === undefined
    ? reportOf(member, action)
    : reportOf(member, 'kept', { reason: keptFor });
}
