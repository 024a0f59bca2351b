/** What a step may be. */
export const STEPS = [
  'fallBackOn',
  'initialSync',
  'sync',
  'run',
  'restart',
] as const;

export type StepKind = (typeof STEPS)[number];
