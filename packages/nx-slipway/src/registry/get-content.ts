import { MAX_MANIFEST_BYTES } from '../image';
import { senseless } from './registry-errors';
import type { Session } from './session';
import { isSuccess, type HttpAnswer } from './transport';

export interface ContentRequest {
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the repository. */
  readonly path: string;
  /** What is asked for, for messages. */
  readonly shown: string;
}

export interface Content {
  readonly answer: HttpAnswer;
  readonly bytes: Buffer;
}

/**
 * A manifest or a config, whole; layers are not read. Whether the bytes are
 * those of its digest is the caller's to check.
 * @returns undefined if the registry has none
 */
export function getContent(
  session: Session,
  { target, headers, path, shown }: ContentRequest,
): Promise<Content | undefined> {
  return session.run(async (send) => {
    const access = { path, actions: 'pull' } as const;
    const answer = await send({ method: 'GET', target, headers, access });
    if (answer.status === 404) return void (await answer.drop());
    if (!isSuccess(answer)) throw await session.errorOf(answer, path);
    // Configs of real images have some kilobytes.
    const bytes = await answer.bytes(MAX_MANIFEST_BYTES);
    if (bytes) return { answer, bytes };
    throw senseless(
      session.name,
      `answered for ${shown} with more than ${MAX_MANIFEST_BYTES} bytes`,
    );
  });
}
