import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { connectDocker, type DockerEngine } from '../docker';
import { useDockerApi } from '../testing/docker-api';
import { errorOf } from '../testing/slipway-error';
import { recordingReporter } from '../testing/recording-reporter';
import { useTempFolder } from '../testing/temp-folder';
import { withArchive } from './archive';
import type { LoadSystems } from './systems';

const folder = useTempFolder();
const api = useDockerApi(folder);
let docker: DockerEngine;

beforeEach(() => {
  docker = connectDocker({
    DOCKER_CONFIG: folder.path,
    DOCKER_HOST: api.address,
  });
  api.add({ tags: ['web:nx-1'] });
});
afterEach(() => docker.close());

const partsOf = (more: Partial<LoadSystems> = {}) => ({
  docker,
  signal: new AbortController().signal,
  reporter: recordingReporter(),
  tempFolder: folder.path,
  ...more,
});
const left = () =>
  readdirSync(folder.path).filter((name) => name.startsWith('slipway-load-'));

it('holds what Docker saves, for this user alone, and goes after use', async () => {
  const path = await withArchive('web:nx-1', partsOf(), (path) => {
    expect(readFileSync(path, 'utf8')).toBe('the archive of web:nx-1');
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(left()).toHaveLength(1);
    return Promise.resolve(path);
  });
  expect(existsSync(path)).toBe(false);
  expect(left()).toEqual([]);
});

it('goes when its use fails, with that error', async () => {
  const failed = new Error('no');
  await expect(
    withArchive('web:nx-1', partsOf(), () => Promise.reject(failed)),
  ).rejects.toBe(failed);
  expect(left()).toEqual([]);
});

it('is none of an image that has gone', async () => {
  const use = jest.fn();
  const error = await errorOf(withArchive('web:nx-2', partsOf(), use));
  expect(error.code).toBe('SLIPWAY_E_IMAGE_NOT_FOUND');
  expect(use).not.toHaveBeenCalled();
  expect(left()).toEqual([]);
});

it('says that Docker broke off, and leaves nothing half', async () => {
  api.intercept = (_request, response) => {
    response.writeHead(200);
    response.write('half a tar');
    setTimeout(() => response.destroy(), 20);
    return true;
  };
  const error = await errorOf(withArchive('web:nx-1', partsOf(), jest.fn()));
  expect(error.code).toBe('SLIPWAY_E_DOCKER_FAILED');
  expect(error.message).toMatch(/broke off while it saved web:nx-1/);
  expect(left()).toEqual([]);
});

it('ends on cancel, in the middle of a layer', async () => {
  const cancel = new AbortController();
  api.intercept = (_request, response) => {
    response.writeHead(200);
    response.write('half a tar');
    setTimeout(() => cancel.abort(), 20);
    return true;
  };
  const parts = partsOf({ signal: cancel.signal });
  const error = await errorOf(withArchive('web:nx-1', parts, jest.fn()));
  expect(error.code).toBe('SLIPWAY_E_CANCELLED');
  expect(left()).toEqual([]);
});

it('says where it could not be written', async () => {
  const parts = partsOf({ tempFolder: folder.at('none') });
  const error = await errorOf(withArchive('web:nx-1', parts, jest.fn()));
  expect(error.code).toBe('SLIPWAY_E_LOAD');
  expect(error.message).toMatch(/web:nx-1 could not be written: ENOENT/);
});
