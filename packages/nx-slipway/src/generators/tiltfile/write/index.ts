export { workspaceOf } from './workspace';
export { writePlan } from './write-plan';
