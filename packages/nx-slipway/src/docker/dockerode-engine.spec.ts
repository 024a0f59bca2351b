import { useHttpServer } from '../testing/http-server';
import { errorOf } from '../testing/slipway-error';
import { useTempFolder } from '../testing/temp-folder';
import { createContext } from '../testing/docker-context';
import { connectDocker } from './dockerode-engine';

const daemon = useHttpServer();
const config = useTempFolder();

describe('connectDocker', () => {
  it('talks to the daemon of a context on another machine', async () => {
    daemon.answer = (_request, response) => response.writeHead(200).end('OK');
    await createContext(config, 'remote', `tcp://${daemon.host}`);
    const docker = connectDocker({
      DOCKER_CONFIG: config.path,
      DOCKER_CONTEXT: 'remote',
    });
    await docker.ping();
    docker.close();
    expect(daemon.requests).toEqual(['GET /_ping']);
    // The command must build in that daemon too.
    expect(docker.env).toEqual({ DOCKER_HOST: `tcp://${daemon.host}` });
  });

  it('says which daemon does not answer', async () => {
    const socket = config.at('no.sock');
    const docker = connectDocker({ DOCKER_HOST: `unix://${socket}` });
    const { code, message } = await errorOf(docker.ping());
    docker.close();
    expect(code).toBe('SLIPWAY_E_DOCKER_NOT_RUNNING');
    expect(message).toBe(
      `Docker does not answer at unix://${socket} (ENOENT).`,
    );
  });
});
