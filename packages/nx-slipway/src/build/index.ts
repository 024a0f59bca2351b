export { buildImage } from './build-image';
export type { BuildPlan, BuildResult, BuildSystems } from './build-image';
