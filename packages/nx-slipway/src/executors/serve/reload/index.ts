export { configurationFiles } from './configuration-files';
export { reloadProjects } from './reload-projects';
export type { ProjectState } from './reload-projects';
