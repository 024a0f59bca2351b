import { MAX_MANIFEST_BYTES } from '../image';
import { digestOf, hasDigest } from './digests';
import { redirectTarget } from './redirects';
import { senseless } from './registry-errors';
import type { Session } from './session';
import { isSuccess } from './transport';

/** Configs of real images have some kilobytes; layers are not read. */
const MAX_BLOB_BYTES = MAX_MANIFEST_BYTES;

export function hasBlob(
  session: Session,
  path: string,
  digest: string,
): Promise<boolean> {
  return session.run(async (send) => {
    const answer = await send({
      method: 'HEAD',
      target: `/v2/${path}/blobs/${digest}`,
      headers: {},
      access: { path, actions: 'pull' },
    });
    if (!isSuccess(answer) && answer.status !== 404) {
      throw await session.errorOf(answer, path);
    }
    await answer.drop();
    return isSuccess(answer);
  });
}

export function getBlob(
  session: Session,
  path: string,
  digest: string,
): Promise<Buffer | undefined> {
  return session.run(async (send) => {
    const answer = await send({
      method: 'GET',
      target: `/v2/${path}/blobs/${digest}`,
      headers: {},
      access: { path, actions: 'pull' },
    });
    if (answer.status === 404) return void (await answer.drop());
    if (!isSuccess(answer)) throw await session.errorOf(answer, path);
    const bytes = await answer.bytes(MAX_BLOB_BYTES);
    const blob = `answered for the blob ${path}@${digest}`;
    if (!bytes) {
      throw senseless(
        session.name,
        `${blob} with more than ${MAX_BLOB_BYTES} bytes`,
      );
    }
    if (!hasDigest(bytes, digest)) {
      throw senseless(
        session.name,
        `${blob} with bytes that do not have that digest`,
      );
    }
    return bytes;
  });
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
