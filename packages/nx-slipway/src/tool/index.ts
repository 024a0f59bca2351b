export { startBeat } from './beat';
export { GRACE_MS, endGroup } from './group';
export { inShell } from './in-shell';
export { LastLines } from './last-lines';
export { runTool } from './run-tool';
export type { ToolRun } from './run-tool';
