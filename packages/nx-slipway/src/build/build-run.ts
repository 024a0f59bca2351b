import type { FileStates } from '../inputs';
import type { Phases } from '../report';
import type { CurrentImage } from './current-image';

/** A build that is one of many, in a process that goes on: what it tells. */
export interface BuildRun {
  /** Ends the command; what comes after it is not interrupted. */
  readonly supersede?: AbortSignal;
  /** Told of the inputs that the command is run for, when it is about to be. */
  readonly onInputs?: (hash: string, files: FileStates) => void;
  /** Told when the command has ended well: others may run theirs. */
  readonly onEnded?: () => void;
  /**
   * Told of the image as soon as it can be deployed. What is left is to remember
   * it and to tidy up.
   */
  readonly onStands?: (image: CurrentImage) => void;
  /**
   * Given what takes old images out of Docker, for a time when nobody builds, in
   * place of the end of this build.
   */
  readonly tidyLater?: (tidy: () => Promise<unknown>) => void;
  /** In place of a line at the end. */
  readonly phases?: Phases;
  /**
   * Told of inputs that changed while the command ran, in place of an error:
   * the image is there, and nothing is remembered of it.
   * @param files as in SLIPWAY_E_INPUTS_CHANGED
   * @param after all files as they are now
   */
  readonly onMoved?: (files: readonly string[], after: FileStates) => void;
}
