import { useDockerApi } from '../../testing/docker-api';
import { executorContext } from '../../testing/executor-context';
import { useTempFolder } from '../../testing/temp-folder';
import customBuild from './executor';

const folder = useTempFolder();
const api = useDockerApi(folder);

const environment = { ...process.env };
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...environment };
});

it('ends with the ref whole, though a variable looks secret', async () => {
  await folder.write({ 'nx.json': '{}', 'app/project.json': '{}' });
  api.add({ tags: ['keycloak:dev'] });
  process.env.DOCKER_HOST = api.address;
  process.env.KEYCLOAK_IMAGE = 'keycloak';
  let printed = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const target = { executor: 'nx-slipway:custom-build' };
  const context = executorContext({
    root: folder.path,
    projects: { app: { root: 'app', targets: { 'custom-build': target } } },
  });
  const options = {
    ref: 'keycloak',
    command: 'echo built keycloak:dev; echo keycloak:dev > out.txt',
    outputsImageRefTo: 'out.txt',
    platform: 'linux/amd64',
  };
  expect(await customBuild(options, context)).toEqual({ success: true });
  expect(printed).toContain('built ***:dev\n');
  expect(printed).toMatch(/\nkeycloak:nx-[0-9a-f]{16}\n$/);
});
