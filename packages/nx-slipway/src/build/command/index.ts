export { runCommand } from './run-command';
export { endGroup } from './group';
export type { CommandRun } from './command-run';
