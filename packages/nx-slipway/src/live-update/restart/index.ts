export { restartScript } from './restart-script';
export { supervised } from './supervised';
