import { createHash } from 'node:crypto';
import { isDigest } from '../image';

/** Those of the image specification that registries use. */
const ALGORITHMS = ['sha256', 'sha384', 'sha512'];

/** `sha256:<64 hex>` of bytes. */
export function digestOf(bytes: Uint8Array, algorithm = 'sha256'): string {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

/** Whether it is a digest that we can compare with bytes. */
export function isKnownDigest(text: string): boolean {
  const [algorithm = ''] = text.split(':');
  return ALGORITHMS.includes(algorithm) && isDigest(text);
}

/** Whether bytes have that digest. One of an unknown kind fits nothing. */
export function hasDigest(bytes: Uint8Array, digest: string): boolean {
  const [algorithm = ''] = digest.split(':');
  return isKnownDigest(digest) && digestOf(bytes, algorithm) === digest;
}
