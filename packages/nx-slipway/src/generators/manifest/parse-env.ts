import { SlipwayError } from '../../report';

const VARIABLE = /^([A-Za-z_][A-Za-z0-9_.-]*)=(.*)$/s;

/** @throws SLIPWAY_E_OPTION_INVALID for what is no NAME=value, or named twice */
export function parseEnv(
  env: readonly string[],
): (readonly [name: string, value: string])[] {
  const parsed = new Map<string, string>();
  for (const text of env) {
    const [, name = '', value = ''] = VARIABLE.exec(text) ?? [];
    if (name === '' || parsed.has(name)) {
      throw new SlipwayError({
        code: 'SLIPWAY_E_OPTION_INVALID',
        message: `--env has "${text}", which ${name ? 'names a variable for the second time' : 'is no NAME=value'}`,
        hint: 'For example --env=LOG_LEVEL=debug --env=PORT=8080. Nx splits lists at commas: write a value that has one into the file.',
      });
    }
    parsed.set(name, value);
  }
  return [...parsed];
}
