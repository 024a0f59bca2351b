import { MANIFEST_MEDIA_TYPES, isDigest } from '../image';
import { digestOf, hasDigest, isKnownDigest } from './digests';
import { getContent } from './get-content';
import type { ManifestBytes, ManifestHead } from './registry-client';
import { senseless, tagIsImmutable } from './registry-errors';
import type { Session } from './session';
import { isSuccess, type HttpAnswer } from './transport';

const ACCEPT = MANIFEST_MEDIA_TYPES.join(', ');
/** How registries say that they take no HEAD here. */
const NO_HEAD = [405, 501];
/** In the words of ECR, Harbor, ACR and Artifact Registry. */
const IMMUTABLE = /immutab|cannot be overwritten|already exists|is locked/i;

export async function headManifest(
  session: Session,
  path: string,
  reference: string,
): Promise<ManifestHead | undefined> {
  const head = await session.run(async (send) => {
    const answer = await send({
      method: 'HEAD',
      target: targetOf(path, reference),
      headers: { accept: ACCEPT },
      access: { path, actions: 'pull' },
    });
    if (!isSuccess(answer) && ![404, ...NO_HEAD].includes(answer.status)) {
      throw await session.errorOf(answer, path);
    }
    await answer.drop();
    if (answer.status === 404) return undefined;
    const digest = answer.header('docker-content-digest');
    if (!isSuccess(answer) || !isKnownDigest(digest)) return 'not told';
    if (isDigest(reference) && reference !== digest) {
      throw senseless(
        session.name,
        `answered for ${path}@${reference} with the digest ${digest}`,
      );
    }
    return { digest, mediaType: mediaTypeOf(answer) };
  });
  if (head !== 'not told') return head;
  const manifest = await getManifest(session, path, reference);
  return manifest && { digest: manifest.digest, mediaType: manifest.mediaType };
}

export async function getManifest(
  session: Session,
  path: string,
  reference: string,
): Promise<ManifestBytes | undefined> {
  const asked = isDigest(reference) ? reference : '';
  const shown = `${path}${asked ? '@' : ':'}${reference}`;
  const content = await getContent(session, {
    target: targetOf(path, reference),
    headers: { accept: ACCEPT },
    path,
    shown,
  });
  if (!content) return undefined;
  const { answer, bytes } = content;
  const told = answer.header('docker-content-digest');
  for (const digest of [asked, told]) {
    if (digest === '' || hasDigest(bytes, digest)) continue;
    throw senseless(
      session.name,
      `answered for ${shown} with bytes that do not have the digest ${digest.slice(0, 200)}`,
    );
  }
  const digest = asked || told || digestOf(bytes);
  return { digest, mediaType: mediaTypeOf(answer), bytes };
}

export function putManifest(
  session: Session,
  path: string,
  reference: string,
  { mediaType, bytes }: { mediaType: string; bytes: Uint8Array },
): Promise<string> {
  return session.run(async (send) => {
    const answer = await send({
      method: 'PUT',
      target: targetOf(path, reference),
      headers: { 'content-type': mediaType },
      body: bytes,
      access: { path, actions: 'pull,push' },
    });
    if (!isSuccess(answer)) {
      throw await notStored(session, answer, path, reference);
    }
    await answer.drop();
    const told = answer.header('docker-content-digest');
    if (told !== '' && !hasDigest(bytes, told)) {
      throw senseless(
        session.name,
        `stored the manifest of ${path} under another digest than it has, ${told.slice(0, 200)}`,
      );
    }
    return isDigest(reference) ? reference : told || digestOf(bytes);
  });
}

async function notStored(
  session: Session,
  answer: HttpAnswer,
  path: string,
  reference: string,
) {
  const refusal = await session.refusalIn(answer);
  const isAboutTag =
    answer.status === 409 ||
    (answer.status < 500 && IMMUTABLE.test(refusal.said));
  return isAboutTag
    ? tagIsImmutable(session.name, path, reference, refusal)
    : session.errorOf(answer, path, refusal);
}

function targetOf(path: string, reference: string): string {
  return `/v2/${path}/manifests/${reference}`;
}

/** Without parameters. */
function mediaTypeOf(answer: HttpAnswer): string {
  return (answer.header('content-type').split(';')[0] ?? '').trim();
}
