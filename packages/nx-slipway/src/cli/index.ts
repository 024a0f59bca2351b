export { packageInfo } from './package-info';
export { toolFolders } from './tool-folders';
export type { ToolOptions } from './tool-folders';
