export { startBeat } from './beat';
export { GRACE_MS, endGroup } from './group';
export { inShell } from './in-shell';
export { LastLines } from './last-lines';
export { endMarked } from './marked';
export { runTool } from './run-tool';
export type { ToolRun } from './run-tool';
