export { literally, ownCommand } from './own-command';
export type { ContainerCommand, ProcessConfig } from './own-command';
export { restartScript } from './restart-script';
export { supervised } from './supervised';
