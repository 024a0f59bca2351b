import type { BuildSystems } from '../../build';
import { parseReference, type ImageReference, type Pin } from '../../image';
import { parseDuration } from '../duration';
import type { Reporter } from '../../report';
import { parsePin, type RegistryOption } from '../../settings';
import type { Workspace } from '../workspace';
import type { TargetRun } from '../run-target';
import type { ExecutorContext } from '@nx/devkit';

/** The options that render and deploy share. */
export interface SetOptions {
  readonly source?: unknown;
  readonly context?: string;
  readonly namespace?: string;
  readonly registry?: RegistryOption;
  readonly pin?: Pin;
  readonly images?: readonly string[];
}

/** Who looks for the images of a manifest set. */
export interface FindRun {
  readonly context: ExecutorContext;
  readonly workspace: Workspace;
  readonly reporter: Reporter;
  /** Whether the cluster is open that all is for, and known to the systems. */
  readonly isOpen: boolean;
  /** Whether the project graph must know the images of the set. */
  readonly needsEdges: boolean;
}

/** Who reads a manifest set, and with what. */
export interface SetRun extends FindRun, TargetRun {
  readonly reporter: TargetRun['reporter'];
  readonly systems: BuildSystems;
}

/** @throws SLIPWAY_E_OPTION_INVALID */
export function pinOption({ pin }: SetOptions, workspace: Workspace): Pin {
  return parsePin(pin, 'pin') ?? workspace.options.pin;
}

/** In milliseconds. @throws SLIPWAY_E_OPTION_INVALID */
export function timeoutOption({
  timeout = '5m',
}: {
  readonly timeout?: string | number;
}): number {
  return parseDuration(timeout, 'timeout');
}

/** @throws SLIPWAY_E_REF_INVALID */
export function imagesOption({ images = [] }: SetOptions): ImageReference[] {
  return images.map((text) => parseReference(text));
}
