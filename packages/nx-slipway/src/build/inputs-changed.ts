import { SlipwayError } from '../report';

const MAX_NAMED = 5;

/**
 * @param files that changed, were made or went while the command ran, relative
 *   to the workspace root; none if it was the selection itself that changed
 */
export function inputsChanged(files: readonly string[]): SlipwayError {
  const named = files.slice(0, MAX_NAMED).join(', ');
  const more = files.length - MAX_NAMED;
  const which =
    `${named}${more > 0 ? ` and ${more} more` : ''}` || 'the inputs';
  return new SlipwayError({
    code: 'SLIPWAY_E_INPUTS_CHANGED',
    message: `${which} changed while the command ran, so nobody can say of which inputs the image is. Nothing was cached; the image itself may be in Docker and in the registry, under its content tag, which nothing names.`,
    hint: 'If the command writes these files itself, name them in ignore. If somebody edited them meanwhile, run it again.',
  });
}
