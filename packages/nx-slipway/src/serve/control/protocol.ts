import { SlipwayError, jsonLine } from '../../report';
import { faultOf } from '../fault';
import type { Fault } from '../events';
import type { ServeControls, ServeStatus } from '../status';

/**
 * One line of JSON each way, then the connection is over. It changes when an
 * older or newer one could misunderstand it.
 */
const PROTOCOL = 1;

export type ServeRequest =
  | { readonly ask: 'status' | 'pause' | 'resume' }
  /** @param image as in `ref`; none: all that waits */
  | { readonly ask: 'trigger'; readonly image?: string };

export type ServeReply =
  /** How it stands now that it was done. */
  { readonly status: ServeStatus } | { readonly fault: Fault };

export function formatRequest(request: ServeRequest): string {
  return jsonLine({ protocol: PROTOCOL, ...request });
}

/** @param line untrusted. Never throws: what is wrong with it is the answer */
export function answerTo(line: string, controls: ServeControls): string {
  return jsonLine({ protocol: PROTOCOL, ...replyTo(line, controls) });
}

function replyTo(line: string, controls: ServeControls): ServeReply {
  try {
    perform(objectIn(line), controls);
    return { status: controls.status() };
  } catch (error) {
    return { fault: faultOf(error, []) };
  }
}

function perform(
  request: Readonly<Record<string, unknown>>,
  controls: ServeControls,
): void {
  const { ask, image } = request;
  if (request.protocol !== PROTOCOL) throw otherVersion();
  if (image !== undefined && typeof image !== 'string') throw otherVersion();
  switch (ask) {
    case 'status':
      return;
    case 'trigger':
      return controls.trigger(image);
    case 'pause':
      return controls.pause();
    case 'resume':
      return controls.resume();
    default:
      throw otherVersion();
  }
}

/**
 * @param line of a serve
 * @throws SLIPWAY_E_NO_SERVE for one of a serve of another version
 */
export function parseReply(line: string): ServeReply {
  const { protocol, status, fault } = objectIn(line);
  if (protocol === PROTOCOL && isObject(fault) && isText(fault.message)) {
    return { fault: fault as unknown as Fault };
  }
  if (protocol === PROTOCOL && isObject(status) && status.schema === 1) {
    return { status: status as unknown as ServeStatus };
  }
  throw otherVersion();
}

/** @throws SLIPWAY_E_NO_SERVE for what is no JSON object */
function objectIn(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    if (isObject(value)) return value;
  } catch {
    // No JSON: whoever speaks another language is of another version.
  }
  throw otherVersion();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown) => typeof value === 'string';

function otherVersion(): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_NO_SERVE',
    message:
      'the serve that runs and who asks it are of different versions of nx-slipway.',
    hint: 'Start nx serve again.',
  });
}
