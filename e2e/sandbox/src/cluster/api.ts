import { join } from 'node:path';
import type { Layout } from '../layout';
import { readText } from '../system/files';
import { ask, type Asked, type AskOptions } from '../system/http';
import { adminToken, servingCertificates } from './credentials';

/** Requests to our own API server as its administrator. */
export type Api = (path: string, options?: AskOptions) => Promise<Asked>;

export async function apiOf(layout: Layout, port: number): Promise<Api> {
  const token = await adminToken(layout);
  const file = join(servingCertificates(layout), 'apiserver.crt');
  return async (path, options) =>
    ask(`https://127.0.0.1:${port}${path}`, {
      ...options,
      ca: await readText(file),
      headers: { authorization: `Bearer ${token}`, ...options?.headers },
    });
}
