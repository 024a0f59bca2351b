/**
 * Every code an error of ours can carry. docs/errors.md explains each; a test
 * keeps the two lists equal.
 */
export const ERROR_CODES = [
  'SLIPWAY_E_OPTION_UNKNOWN',
  'SLIPWAY_E_OPTION_INVALID',
  'SLIPWAY_E_OPTION_CONFLICT',
  'SLIPWAY_E_REF_INVALID',
  'SLIPWAY_E_DEPS_MISSING',
  'SLIPWAY_E_DEPS_UNREADABLE',
  'SLIPWAY_E_DEPS_UNHASHED',
  'SLIPWAY_E_INPUTS_CHANGED',
  'SLIPWAY_E_COMMAND_NOT_FOUND',
  'SLIPWAY_E_COMMAND_FAILED',
  'SLIPWAY_E_COMMAND_TIMEOUT',
  'SLIPWAY_E_CANCELLED',
  'SLIPWAY_E_DOCKER_NOT_RUNNING',
  'SLIPWAY_E_DOCKER_PERMISSION',
  'SLIPWAY_E_DOCKER_FAILED',
  'SLIPWAY_E_IMAGE_NOT_FOUND',
  'SLIPWAY_E_IMAGE_PLATFORM',
  'SLIPWAY_E_IMAGE_NOT_PUSHED',
  'SLIPWAY_E_IMAGE_DEPS',
  'SLIPWAY_E_IMAGE_EDGE',
  'SLIPWAY_E_OUTPUT_REF',
  'SLIPWAY_E_REGISTRY_UNREACHABLE',
  'SLIPWAY_E_REGISTRY_REFUSED',
  'SLIPWAY_E_REGISTRY_FAILED',
  'SLIPWAY_E_REGISTRY_TLS',
  'SLIPWAY_E_CREDENTIALS',
  'SLIPWAY_E_KUBECONFIG',
  'SLIPWAY_E_CONTEXT_NOT_ALLOWED',
  'SLIPWAY_E_CLUSTER_UNREACHABLE',
  'SLIPWAY_E_CLUSTER_REFUSED',
  'SLIPWAY_E_CLUSTER_FAILED',
  'SLIPWAY_E_API_AWAY',
  'SLIPWAY_E_SOURCE',
  'SLIPWAY_E_TOOL_MISSING',
  'SLIPWAY_E_MANIFEST',
  'SLIPWAY_E_LIVE_UPDATE',
  'SLIPWAY_E_LIVE_RUN',
  'SLIPWAY_E_LOAD',
  'SLIPWAY_E_KIND_UNKNOWN',
  'SLIPWAY_E_NAMESPACE',
  'SLIPWAY_E_SET_CLAIMED',
  'SLIPWAY_E_SET_BUSY',
  'SLIPWAY_E_FIELD_CONFLICT',
  'SLIPWAY_E_IMMUTABLE',
  'SLIPWAY_E_APPLY',
  'SLIPWAY_E_NOT_READY',
  'SLIPWAY_E_RECORD_WRITE',
  'SLIPWAY_E_STATE',
  'SLIPWAY_E_NO_SERVE',
  'SLIPWAY_E_USAGE',
  'SLIPWAY_E_EXISTS',
  'SLIPWAY_E_RECIPE',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface SlipwayErrorParts {
  code: ErrorCode;
  /** What went wrong, where, and why. No trailing newline. */
  message: string;
  /** What the user can do about it. */
  hint?: string;
  cause?: unknown;
}

/** The one error class of this package: something a user can act on. */
export class SlipwayError extends Error {
  readonly code: ErrorCode;
  readonly hint?: string;

  constructor({ code, message, hint, cause }: SlipwayErrorParts) {
    super(message, { cause });
    this.name = 'SlipwayError';
    this.code = code;
    this.hint = hint;
  }
}

/** Whether it is one of ours, with one of these codes. */
export function hasCode(
  error: unknown,
  ...codes: readonly ErrorCode[]
): error is SlipwayError {
  return error instanceof SlipwayError && codes.includes(error.code);
}

/**
 * The text a user sees: `CODE: message`, then the hint. An error that is not
 * ours is a defect of ours, so it keeps its stack; a user's error carries one
 * only when `verbose` is set.
 */
export function formatError(error: unknown, verbose = false): string {
  if (!(error instanceof SlipwayError)) {
    return error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
  }
  const lines = [`${error.code}: ${error.message}`];
  if (error.hint) lines.push(`  hint: ${error.hint}`);
  if (verbose && error.stack) lines.push(error.stack);
  if (verbose && error.cause instanceof Error) {
    lines.push(`caused by: ${error.cause.stack ?? error.cause.message}`);
  }
  return lines.join('\n');
}
