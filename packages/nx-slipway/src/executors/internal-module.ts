/**
 * A module of Nx that is not public: each caller says from which version to
 * which it was where it is looked for.
 * @returns undefined where Nx has moved it
 */
export function internalModule<T>(load: () => unknown): T | undefined {
  try {
    return load() as T;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const isMoved = /^(?:MODULE_NOT_FOUND|ERR_PACKAGE_PATH_NOT_EXPORTED)$/;
    if (isMoved.test(code)) return undefined;
    throw error;
  }
}
