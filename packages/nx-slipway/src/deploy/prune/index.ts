export { deleteMember } from './delete-member';
export { fateOf, fateReport, isDoomed } from './fate';
export type { Fate } from './fate';
export { annotatedToKeep, guardOf, isApplied } from './guards';
export { planPrune, prune } from './prune';
