export { toolFolders } from './tool-folders';
