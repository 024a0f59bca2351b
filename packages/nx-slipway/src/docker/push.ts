import { isDigest } from '../image';
import { SlipwayError } from '../report';
import { pushError } from './push-errors';

interface PushEvent {
  error?: unknown;
  aux?: { Digest?: unknown };
}

/**
 * Reads what Docker says while it pushes, one JSON object a line, to the end.
 * An error does not end it early: the daemon tidies up as long as we listen.
 * @returns the digest of the manifest that the registry now has
 * @throws as `DockerEngine.push`; SLIPWAY_E_DOCKER_FAILED if it broke off
 */
export async function followPush(
  stream: AsyncIterable<Buffer>,
  ref: string,
  address: string,
): Promise<string> {
  let failure: string | undefined;
  let digest: string | undefined;
  try {
    for await (const { error, aux } of events(stream)) {
      if (typeof error === 'string') failure ??= error;
      const named = aux?.Digest;
      if (typeof named === 'string' && isDigest(named)) digest ??= named;
    }
  } catch (error) {
    // The reason that came before the end says more than the end.
    if (failure === undefined) throw brokenOff(ref, address, error);
  }
  if (failure !== undefined) throw pushError(failure, ref);
  if (digest !== undefined) return digest;
  throw brokenOff(ref, address);
}

async function* events(
  stream: AsyncIterable<Buffer>,
): AsyncGenerator<PushEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.flatMap(parseLine);
  }
  yield* parseLine(rest);
}

function parseLine(line: string): PushEvent[] {
  if (line.trim() === '') return [];
  const event = JSON.parse(line) as PushEvent | null;
  return event ? [event] : [];
}

/** A daemon that restarts ends the stream as if all were well. */
function brokenOff(ref: string, address: string, cause?: unknown) {
  const why = cause instanceof Error ? ` (${cause.message})` : '';
  return new SlipwayError({
    code: 'SLIPWAY_E_DOCKER_FAILED',
    message: `Docker at ${address} broke off while it pushed ${ref}, without a digest or an error${why}.`,
    hint: 'Did Docker restart? Nothing is left half: run it again.',
    cause,
  });
}
