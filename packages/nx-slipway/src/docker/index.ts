export { connectDocker } from './dockerode-engine';
export type { DockerEngine, InspectedImage } from './engine';
