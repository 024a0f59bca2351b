export { deleteMember } from './delete-member';
export { annotatedToKeep, isApplied } from './guards';
export { planPrune, prune, pruneReport } from './prune';
export type { Pruning } from './prune';
