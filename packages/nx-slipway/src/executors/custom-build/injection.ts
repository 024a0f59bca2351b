import type { ImageUse } from '../../manifest';
import { SlipwayError } from '../../report';
import type { CustomBuildExecutorSchema } from './schema';

/** What an image says of the containers that it is put into. */
export type ImageUseOptions = Pick<
  ImageUse,
  'matchInEnvVars' | 'entrypoint' | 'containerArgs'
>;

/**
 * How manifests are to be changed beside the image itself. None of it is part
 * of what is built, nor of the input hash.
 * @throws SLIPWAY_E_OPTION_INVALID
 */
export function imageUseOptions(
  options: Pick<CustomBuildExecutorSchema, keyof ImageUseOptions>,
): ImageUseOptions {
  const { matchInEnvVars = false, entrypoint, containerArgs } = options;
  if (typeof matchInEnvVars !== 'boolean') {
    throw invalid('matchInEnvVars is neither true nor false', 'Write true.');
  }
  if (containerArgs !== undefined && !isTexts(containerArgs)) {
    throw invalid(
      'containerArgs is no list of strings',
      'Write ["--verbose"]; a number or a boolean needs quotes.',
    );
  }
  return {
    matchInEnvVars,
    ...(entrypoint !== undefined && { entrypoint: command(entrypoint) }),
    ...(containerArgs !== undefined && { containerArgs }),
  };
}

/**
 * A string is for a Unix shell, whatever runs here: the container is what runs
 * it (Tilt's model.ToUnixCmd).
 */
function command(entrypoint: unknown): readonly string[] {
  const isScript = typeof entrypoint === 'string';
  if (!isScript && !isTexts(entrypoint)) {
    throw invalid(
      'entrypoint is neither a string nor a list of strings',
      'Write "./watch.sh" or ["node", "server.js"].',
    );
  }
  const [program = ''] = isScript ? [entrypoint] : entrypoint;
  if (program.trim() === '') {
    throw invalid(
      'entrypoint is empty',
      'Write what the container is to run, or leave it out for what the image says.',
    );
  }
  return isScript ? ['sh', '-c', entrypoint] : entrypoint;
}

function isTexts(value: unknown): value is readonly string[] {
  return (
    Array.isArray(value) && value.every((each) => typeof each === 'string')
  );
}

function invalid(what: string, hint: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_OPTION_INVALID',
    message: `${what}.`,
    hint,
  });
}
