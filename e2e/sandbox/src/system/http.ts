import { request as http } from 'node:http';
import { request as https } from 'node:https';

export interface Asked {
  /** 0 when nobody answered in time. */
  readonly status: number;
  readonly body: string;
}

export interface AskOptions {
  readonly socketPath?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly ca?: string;
  readonly rejectUnauthorized?: boolean;
  readonly body?: string;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** One request on a connection of its own; never rejects. */
export function ask(url: string, options: AskOptions = {}): Promise<Asked> {
  const { body, timeout = 2000, ...rest } = options;
  const send = url.startsWith('https:') ? https : http;
  return new Promise((resolve) => {
    const silent = () => resolve({ status: 0, body: '' });
    const request = send(url, { ...rest, agent: false, timeout }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', silent);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    request.on('timeout', () => request.destroy());
    request.on('error', silent);
    request.on('close', silent);
    request.end(body);
  });
}

/** Whether a GET is answered with 200. */
export async function isOk(url: string, options?: AskOptions) {
  return (await ask(url, options)).status === 200;
}
