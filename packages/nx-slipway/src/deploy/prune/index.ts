export { deleteMember } from './delete-member';
export { annotatedToKeep, isApplied } from './guards';
export { memberReport, planPrune, prune, pruneReport } from './prune';
export type { Pruning } from './prune';
