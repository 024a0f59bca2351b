import { SlipwayError } from '../../../report';
import type { ImageTasks } from './request';
import type { NxFailure } from './run-nx';

/** The error of an image whose tasks have failed; none if others' have. */
export function failedTasks(
  { image, all }: ImageTasks,
  failures: readonly NxFailure[],
): SlipwayError | undefined {
  const failed = failures.flatMap(({ failed, tailOf }) =>
    all
      .filter(({ id }) => failed.includes(id))
      .map(({ id, target }) => ({ id, tail: tailOf(target.project) })),
  );
  const [first] = failed;
  if (first) {
    const texts = failed.map(
      ({ id, tail }) => `${id} failed, which must run before ${image}.${tail}`,
    );
    return new SlipwayError({
      code: 'SLIPWAY_E_COMMAND_FAILED',
      message: texts.join('\n'),
      hint: `To try it by itself: nx run ${first.id}.`,
    });
  }
  const unknown = failures.find((failure) => failure.failed.length === 0);
  return (
    unknown &&
    new SlipwayError({
      code: 'SLIPWAY_E_COMMAND_FAILED',
      message: `what must run before ${image} could not be run: ${unknown.error.message}`,
      hint: `nx run ${image} says more.`,
      cause: unknown.error,
    })
  );
}

export function cancelled({ image }: ImageTasks): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CANCELLED',
    message: `cancelled, preparing ${image}.`,
  });
}
