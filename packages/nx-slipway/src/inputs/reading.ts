import { explainRefusal } from '../report';

/**
 * Looks at an input on the disk; what the system refuses becomes an error for
 * the user.
 * @throws SLIPWAY_E_DEPS_UNREADABLE
 */
export function reading<T>(path: string, look: () => Promise<T>): Promise<T> {
  return explainRefusal(look, (said) => ({
    code: 'SLIPWAY_E_DEPS_UNREADABLE',
    message: `${path}, which deps hold, could not be read: ${said}.`,
    hint: 'Make it readable for who runs nx, or name it in ignore if the build does not need it.',
  }));
}
