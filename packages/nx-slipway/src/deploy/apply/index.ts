export { applyAll } from './apply-all';
export type { ApplyContext } from './context';
export {
  finishedJobs,
  hasFinished,
  isToRunAgain,
  takesItselfAway,
} from './jobs';
export { changeReport, refused, reportOf } from './outcome';
export type { Outcome } from './outcome';
export { immutableError, mayRecreate, notAnewError } from './recreate';
export { isImmutable, refusalOf } from './refusal';
export { applyRequest } from './send-object';
