import type { ServerResponse } from 'node:http';
import type { TestServer } from '../../testing/http-server';
import type { TempFolder } from '../../testing/temp-folder';
import { openCluster, type OpenCluster } from '../cluster';
import { kubeconfig } from './kubeconfig';

/** Opens the context kind-test of the file `config`. */
export const openIn = (
  folder: TempFolder,
  options: Partial<OpenCluster> = {},
) =>
  openCluster({
    context: 'kind-test',
    namedInOption: false,
    allowContexts: [],
    env: { KUBECONFIG: folder.at('config'), PATH: process.env.PATH },
    homedir: folder.path,
    ...options,
  });

/** A cluster of each test of a file, served by `server`. Call it at the top. */
export function useCluster(folder: TempFolder, server: TestServer) {
  beforeEach(() =>
    folder.write({
      config: kubeconfig({
        server: `http://${server.host}`,
        user: { token: 'token-one' },
      }),
    }),
  );
  return {
    open: (options?: Partial<OpenCluster>) => openIn(folder, options),
    answerWith: answersOf(server),
  };
}

export const json = (response: ServerResponse, value: unknown, status = 200) =>
  response.writeHead(status).end(JSON.stringify(value));

/** What has a server answer with each status once, then with success. */
export const answersOf =
  (server: TestServer) =>
  (...statuses: number[]) => {
    server.answer = (_request, response) => {
      const status = statuses.shift() ?? 200;
      json(response, { message: `said ${status}` }, status);
    };
  };
