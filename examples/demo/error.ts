import { SandboxError } from '@nx-slipway/sandbox';

/** The demo's own: `DEMO_E_...`, with a hint, printed without a stack. */
export class DemoError extends SandboxError {
  override readonly name = 'DemoError';
}
