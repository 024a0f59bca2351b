import type { DeployOptions } from '../types';

/** Of a deploy that is asked for nothing but itself. */
export const DEPLOY_OPTIONS: DeployOptions = {
  forceConflicts: false,
  prune: true,
  pruneData: false,
  recreate: [],
  rerun: [],
  createNamespace: false,
  wait: false,
  timeout: 60_000,
  takeover: false,
};
