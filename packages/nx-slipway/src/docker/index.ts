export { connectDocker } from './dockerode-engine';
export type {
  CommandEnv,
  DockerEngine,
  DockerInfo,
  InspectedImage,
  PushLogin,
  TaggedImage,
  UntagOptions,
} from './engine';
