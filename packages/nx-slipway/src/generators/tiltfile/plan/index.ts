export { planImport } from './plan-import';
export type {
  Finding,
  KnownProject,
  Ledger,
  Place,
  Plan,
  PlannedFile,
  PlannedOption,
  PlannedTarget,
  Workspace,
} from './types';
