import { createServer, type IncomingMessage } from 'node:http';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

/**
 * Nx's own HTTP API for a cache of the user's own, as a program: keeps each
 * entry as a file of a folder. https://nx.dev/docs/kb/self-hosted-caching
 *
 *   remote-cache-server.ts FOLDER TOKEN READ_TOKEN
 *
 * Sends its port to the process that forked it, and ends with that.
 */
const [folder = '', token = '', readToken = ''] = process.argv.slice(2);
const counts = { gets: 0, hits: 0, puts: 0 };
let uploads = 0;

async function answer(
  request: IncomingMessage,
): Promise<[status: number, body?: string | Buffer]> {
  const { method, url = '', headers } = request;
  const body = await buffer(request);
  const mayWrite = headers.authorization === `Bearer ${token}`;
  if (!mayWrite && headers.authorization !== `Bearer ${readToken}`)
    return [401, 'no such token'];
  if (method === 'GET' && url === '/counts') {
    return [200, JSON.stringify(counts)];
  }
  const hash = /^\/v1\/cache\/(\w+)$/.exec(url)?.[1];
  if (hash === undefined) return [400, `no path of the API: ${url}`];
  if (method === 'GET') return get(join(folder, hash));
  if (method !== 'PUT') return [405];
  if (!mayWrite) return [403, 'this token only reads'];
  if (headers['content-length'] !== `${body.length}`) return [411];
  return put(join(folder, hash), body);
}

async function get(file: string): Promise<[number, Buffer?]> {
  counts.gets++;
  const entry = await unless('ENOENT', readFile(file));
  if (!entry) return [404];
  counts.hits++;
  return [200, entry];
}

async function put(file: string, body: Buffer): Promise<[number, string?]> {
  const temporary = `${file}.${uploads++}`;
  await writeFile(temporary, body);
  try {
    // Whole or not at all, and the first one stays: link(2) replaces nothing.
    const isKept = await unless(
      'EEXIST',
      link(temporary, file).then(() => true),
    );
    if (!isKept) return [409, 'there is an entry of that hash'];
    counts.puts++;
    return [200];
  } finally {
    await rm(temporary);
  }
}

function unless<T>(code: string, work: Promise<T>): Promise<T | undefined> {
  return work.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== code) throw error;
    return undefined;
  });
}

const server = createServer((request, response) => {
  answer(request).then(
    ([status, body]) => {
      // Nx reads a refusal's body only if it is text.
      const type = status === 200 ? 'application/octet-stream' : 'text/plain';
      response.writeHead(status, { 'content-type': type }).end(body);
    },
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});

process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => {
  process.send?.((server.address() as AddressInfo).port);
});
