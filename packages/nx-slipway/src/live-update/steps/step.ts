/** A step of the option `liveUpdate`, as users write it. */
export type LiveUpdateStep =
  | { readonly fallBackOn: Words }
  | { readonly initialSync: true | { readonly ignore?: readonly string[] } }
  | {
      readonly sync: {
        readonly from: string;
        readonly to: string;
        readonly target?: string;
      };
    }
  | { readonly run: Words; readonly trigger?: Words }
  | { readonly restart: true };

type Words = string | readonly string[];

export const STEPS = [
  'fallBackOn',
  'initialSync',
  'sync',
  'run',
  'restart',
] as const;

export type StepKind = (typeof STEPS)[number];
