export { runCommand } from './run-command';
export type { CommandRun } from './command-run';
export { sharedWatchdog } from './shared-watchdog';
export type { Watchdogs } from './shared-watchdog';
