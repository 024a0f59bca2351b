import { SlipwayError, scrub } from '../report';
import type { Fault } from './events';

/**
 * An error as it may be shown.
 * @param secrets values that may not
 */
export function faultOf(error: unknown, secrets: readonly string[]): Fault {
  const hide = (text: string) => scrub(text, secrets);
  if (error instanceof SlipwayError) {
    const { code, message, hint } = error;
    return {
      code,
      message: hide(message),
      ...(hint !== undefined && { hint: hide(hint) }),
    };
  }
  // A defect of ours: where it is counts.
  const text = error instanceof Error ? (error.stack ?? error.message) : error;
  return { message: hide(String(text)) };
}
