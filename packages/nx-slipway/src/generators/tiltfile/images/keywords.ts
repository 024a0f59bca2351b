import { quoted } from '../values';
import { PARAMETERS } from './custom-build';

/** What is passed on to custom_build by its names. */
export const keywords = (before: readonly string[]): string[] => [
  ...before,
  ...PARAMETERS.filter((name) => !before.includes(name)),
];

/** Flags before what they are for. */
export const words = (flags: readonly string[] = []): string =>
  flags.map((flag) => `${quoted(flag)} `).join('');
