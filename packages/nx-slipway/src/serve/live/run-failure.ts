import type { ContainerPlace, FailedRun } from '../../live-update';
import { SlipwayError } from '../../report';

interface Failed {
  readonly place: ContainerPlace;
  readonly failed: FailedRun;
}

/** The files are in the container: nothing is built for it. */
export function runFailure(
  image: string,
  { place: { pod, container }, failed: { run, exitCode } }: Failed,
): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_LIVE_RUN',
    message: `"${run.written}" ended with ${exitCode} in container ${container} of pod ${pod}, after a live update of ${image}.`,
    hint: `It runs again at the next save. To have the image built: slipway trigger ${image}.`,
  });
}
