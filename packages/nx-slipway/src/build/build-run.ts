import type { Phases } from '../report';

/** A build that is one of many, in a process that goes on: what it tells. */
export interface BuildRun {
  /** Ends the command; what comes after it is not interrupted. */
  readonly supersede?: AbortSignal;
  /** Told the input hash that the command is run for, when it is about to be. */
  readonly onInputs?: (hash: string) => void;
  /** In place of a line at the end. */
  readonly phases?: Phases;
  /**
   * Told of inputs that changed while the command ran, in place of an error:
   * the image is there, and nothing is remembered of it.
   * @param files as in SLIPWAY_E_INPUTS_CHANGED
   */
  readonly onMoved?: (files: readonly string[]) => void;
}
