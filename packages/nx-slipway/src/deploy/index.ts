export { deploySet } from './deploy-set';
export { downSet } from './down-set';
export {
  formatPlan,
  formatReport,
  markdownSummary,
  shownReport,
} from './format';
export type { LiveObject } from './live';
export { LIVE_UPDATE } from '../settings';
export { planDeploy } from './plan-deploy';
export { howEnded, shortLine } from './readiness';
export type { ReadyObject, ReadyReport } from './readiness';
export { openServedSet } from './served';
export type {
  AppliedSet,
  Drift,
  ServeDeployOptions,
  ServeDeploySystems,
  ServedObject,
  ServedOwner,
  ServedPod,
  ServedSet,
  ServedSetId,
} from './served';
export type {
  DeployOptions,
  DeployPlan,
  DeployReport,
  DeploySet,
  DeploySystems,
  DownOptions,
  DownReport,
  FieldChange,
  ObjectAction,
  ObjectReport,
  SetId,
} from './types';
