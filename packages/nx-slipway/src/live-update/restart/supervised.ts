import { SUPERVISOR } from './supervisor';

/**
 * The command of a container around its own: ends as that ends, is sent the
 * same signals, and starts it again when `restartScript` asks for it.
 * @param argv its own: entrypoint and args
 */
export function supervised(argv: readonly string[]): string[] {
  return ['sh', '-c', SUPERVISOR, 'nx-slipway', ...argv];
}
