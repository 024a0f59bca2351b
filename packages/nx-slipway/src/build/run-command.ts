export { runCommand, type CommandRun } from './command';
