import { getBlob, putBlob } from './blobs';
import { getManifest, headManifest, putManifest } from './manifests';
import { openSession, type SessionOptions } from './session';

/** A manifest as the registry answers for it. */
export interface ManifestHead {
  /** Of the manifest's bytes, `sha256:<64 hex>` with every usual registry. */
  readonly digest: string;
  /** As the header has it, '' if it has none; `parseManifest` knows better. */
  readonly mediaType: string;
}

export interface ManifestBytes extends ManifestHead {
  /** They have that digest. */
  readonly bytes: Buffer;
}

/**
 * One registry. What it gives is compared with digests, and reads and writes
 * are tried up to 4 times where the fault may pass. All throw
 * SLIPWAY_E_REGISTRY_UNREACHABLE, SLIPWAY_E_REGISTRY_TLS,
 * SLIPWAY_E_REGISTRY_REFUSED, SLIPWAY_E_REGISTRY_FAILED,
 * SLIPWAY_E_CREDENTIALS, SLIPWAY_E_CANCELLED.
 */
export interface RegistryClient {
  /**
   * Does ahead what the first request would have to, for whoever has time to
   * spare by now: loads code, parses certificates. Opens nothing.
   */
  prepare(): void;
  /**
   * One HEAD request, with no ping of `/v2/` before it.
   * @param reference a tag or a digest
   * @returns undefined if the registry has no such manifest
   */
  headManifest(
    path: string,
    reference: string,
  ): Promise<ManifestHead | undefined>;
  /** @returns undefined if the registry has no such manifest */
  getManifest(
    path: string,
    reference: string,
  ): Promise<ManifestBytes | undefined>;
  /**
   * Puts a manifest under a tag, or under its digest.
   * @returns its digest
   */
  putManifest(
    path: string,
    reference: string,
    manifest: { readonly mediaType: string; readonly bytes: Uint8Array },
  ): Promise<string>;
  /**
   * A small blob, a config: at most 4 MiB.
   * @returns undefined if the registry has no such blob
   */
  getBlob(path: string, digest: string): Promise<Buffer | undefined>;
  /** A small blob, sent in one piece. @returns its digest */
  putBlob(path: string, bytes: Uint8Array): Promise<string>;
  /** Ends the connections and what is under way on them, for good. */
  close(): Promise<void>;
}

/**
 * No request is sent before the first one that is asked for.
 * @param host `host[:port]`. Plain HTTP on loopback, or where `insecure` is
 *   set; HTTPS elsewhere.
 * @throws SLIPWAY_E_REF_INVALID for a host that none can have
 */
export function connectRegistry(
  host: string,
  options: SessionOptions,
): RegistryClient {
  const session = openSession(host, options);
  return {
    prepare: () => session.prepare(),
    headManifest: (path, reference) => headManifest(session, path, reference),
    getManifest: (path, reference) => getManifest(session, path, reference),
    putManifest: (path, reference, manifest) =>
      putManifest(session, path, reference, manifest),
    getBlob: (path, digest) => getBlob(session, path, digest),
    putBlob: (path, bytes) => putBlob(session, path, bytes),
    close: () => session.close(),
  };
}
