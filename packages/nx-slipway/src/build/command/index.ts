export { runCommand } from './run-command';
export type { CommandRun } from './command-run';
