import { digestOf, hasDigest } from './digests';
import { getContent } from './get-content';
import { redirectTarget } from './redirects';
import { senseless } from './registry-errors';
import type { Session } from './session';
import { isSuccess } from './transport';

export async function getBlob(
  session: Session,
  path: string,
  digest: string,
): Promise<Buffer | undefined> {
  const shown = `the blob ${path}@${digest}`;
  const content = await getContent(session, {
    target: `/v2/${path}/blobs/${digest}`,
    headers: {},
    path,
    shown,
  });
  if (!content || hasDigest(content.bytes, digest)) return content?.bytes;
  throw senseless(
    session.name,
    `answered for ${shown} with bytes that do not have that digest`,
  );
}

/** POST, then PUT: https://github.com/opencontainers/distribution-spec, "Pushing a blob monolithically". */
export function putBlob(
  session: Session,
  path: string,
  bytes: Uint8Array,
): Promise<string> {
  const access = { path, actions: 'pull,push' } as const;
  const digest = digestOf(bytes);
  return session.run(async (send) => {
    const begun = await send({
      method: 'POST',
      target: `/v2/${path}/blobs/uploads/`,
      headers: {},
      access,
    });
    if (begun.status !== 202) throw await session.errorOf(begun, path);
    await begun.drop();
    const { host, pathname, search } = redirectTarget(begun);
    if (host !== begun.url.host) {
      throw senseless(session.name, `wants blobs to be sent to ${host}`);
    }
    // As it is: the query is the state of the upload, and not ours to rewrite.
    const query = `${search || '?'}${search.length > 1 ? '&' : ''}`;
    const done = await send({
      method: 'PUT',
      target: `${pathname}${query}digest=${encodeURIComponent(digest)}`,
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
      access,
    });
    if (!isSuccess(done)) throw await session.errorOf(done, path);
    await done.drop();
    return digest;
  });
}
