import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { useCluster } from '../../cluster/testing/open-cluster';
import { useHttpServer } from '../../testing/http-server';
import { recordingReporter } from '../../testing/recording-reporter';
import { errorOf } from '../../testing/slipway-error';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually } from '../../testing/wait';
import type { Target } from '../desired';
import { SmallApi } from '../readiness/testing/small-api';
import { waitUntilServed } from './established';

/** What `node --expose-gc` gives. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const folder = useTempFolder();
const server = useHttpServer();
const { open } = useCluster(folder, server);

describe('the wait for definitions to be served', () => {
  let api: SmallApi;
  let cancel: AbortController;

  beforeEach(() => {
    api = new SmallApi();
    server.answer = api.answer;
    cancel = new AbortController();
  });

  const wait = async (timeout: number) => {
    const { signal } = cancel;
    const cluster = await open({ signal });
    const definition = {
      ...{ kind: 'CustomResourceDefinition', name: 'widgets.acme.dev' },
      resource: {
        ...{ group: 'apiextensions.k8s.io', version: 'v1', namespaced: false },
        kind: 'CustomResourceDefinition',
        plural: 'customresourcedefinitions',
      },
    } as unknown as Target;
    await waitUntilServed([definition], 'applyset-x-v1', timeout, {
      ...{ cluster, signal, reporter: recordingReporter() },
      ...{ now: () => performance.now(), holder: 'ann@desk' },
    });
  };

  it('says which are not, when the time is over', async () => {
    const error = await errorOf(wait(50));
    expect(error.code).toBe('SLIPWAY_E_NOT_READY');
    expect(error.message).toContain('widgets.acme.dev');
  });

  it('comes to its end though the garbage collector runs meanwhile', async () => {
    const waiting = errorOf(wait(500));
    await eventually('the watch', () => api.isWatched(DEFINITIONS));
    collectGarbage();
    expect((await waiting).code).toBe('SLIPWAY_E_NOT_READY');
  });

  it('is cancelled as such, and not taken for one that is over', async () => {
    const waiting = errorOf(wait(60_000));
    await eventually('the watch', () => api.isWatched(DEFINITIONS));
    cancel.abort();
    expect((await waiting).code).toBe('SLIPWAY_E_CANCELLED');
  });
});
