import { downWith } from './down';
import { environmentOf, type Sandbox } from './sandbox';

export { upByCommand } from './cli/up-by-command';
export { USE_WHAT_IS_THERE } from './cli/usage';
export {
  spareApiServer,
  type SpareApiServer,
} from './cluster/spare-api-server';
export { SandboxError } from './error';
export { cacheFolder } from './layout';
export type { UpOptions } from './options';
export type { Sandbox } from './sandbox';
export { readStatus, type Status } from './status';
export { endChild } from './system/end-child';
export { ensureSandbox, readSandbox } from './up';

/** The environment by which Docker, kubectl, ko and tests find the sandbox. */
export function sandboxEnv(sandbox: Sandbox): Record<string, string> {
  return environmentOf(sandbox, process.env['PATH']);
}

/** Ends it, in whatever state it is; nothing of it keeps running. */
export function down(name?: string): Promise<void> {
  return downWith({ name });
}
