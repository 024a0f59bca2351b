export { deploySet } from './deploy-set';
export { downSet } from './down-set';
export {
  formatPlan,
  formatReport,
  markdownSummary,
  shownReport,
} from './format';
export { planDeploy } from './plan-deploy';
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
