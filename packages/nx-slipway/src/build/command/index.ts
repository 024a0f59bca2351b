export { runCommand } from './run-command';
export type { CommandRun } from './command-run';
export { spareWatchdog } from './spare-watchdog';
export type { Watchdogs } from './spare-watchdog';
