import { SlipwayError } from '../../report';
import type { Credentials } from './credentials';

/**
 * Docker's config.json, or auth.json of podman and buildah, which is a part of
 * it (https://docs.docker.com/reference/cli/docker/login/,
 * https://man.archlinux.org/man/containers-auth.json.5).
 */
export interface AuthFile {
  readonly path: string;
  readonly auths: Fields;
  readonly credHelpers: Fields;
  readonly credsStore: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The name that Docker Hub has in these files and for helpers. */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';
const DOCKER_HUB_HOSTS = ['docker.io', 'index.docker.io'];

/**
 * No error repeats anything of the file: it is full of secrets, and so is the
 * message of JSON.parse.
 * @throws SLIPWAY_E_CREDENTIALS
 */
export function parseAuthFile(text: string, path: string): AuthFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken(path, 'it is no JSON');
  }
  if (!isObject(value)) throw broken(path, 'it is no JSON object');
  const credsStore = value.credsStore ?? '';
  if (typeof credsStore !== 'string') {
    throw broken(path, 'credsStore is no string');
  }
  return {
    path,
    auths: fieldsOf(value, 'auths', path),
    credHelpers: fieldsOf(value, 'credHelpers', path),
    credsStore,
  };
}

/**
 * The helper to ask for a host: its own one, or else everybody's. An own one
 * of no name is none, so that `auths` holds there (docker/cli,
 * getConfiguredCredentialStore in cli/config/configfile).
 * @returns '' for none
 */
export function helperFor(file: AuthFile, host: string): string {
  const own = find(file.credHelpers, host);
  if (own === undefined) return file.credsStore;
  if (typeof own === 'string') return own;
  throw broken(file.path, `credHelpers is no string for ${host}`);
}

/**
 * What the file itself holds for a host.
 * @throws SLIPWAY_E_CREDENTIALS
 */
export function credentialsIn(
  file: AuthFile,
  host: string,
): Credentials | undefined {
  const entry = find(file.auths, host);
  if (entry === undefined || entry === null) return undefined;
  if (!isObject(entry))
    throw broken(file.path, `auths is no object of ${host}`);
  const text = (name: string): string => {
    const value = entry[name] ?? '';
    if (typeof value === 'string') return value;
    throw broken(file.path, `${name} of ${host} is no string`);
  };
  const source = file.path;
  const registryToken = text('registrytoken');
  if (registryToken) {
    return { kind: 'registryToken', token: registryToken, source };
  }
  const identityToken = text('identitytoken');
  if (identityToken) {
    return { kind: 'identityToken', token: identityToken, source };
  }
  const [username, password] = text('auth')
    ? decodeAuth(text('auth'), file.path, host)
    : [text('username'), text('password')];
  // Docker leaves an empty entry where a helper has the credentials.
  if (!username) return undefined;
  return { kind: 'basic', username, password, source };
}

/** How a helper is asked for a host. */
export function serverUrlOf(host: string): string {
  return isDockerHub(host) ? DOCKER_HUB_KEY : host;
}

/**
 * Keys may have a scheme and a path, as old versions of Docker wrote them, and
 * as podman limits credentials to a part of a registry. The plain host wins.
 */
function find(fields: Fields, host: string): unknown {
  const keys = Object.keys(fields);
  const key =
    keys.find((name) => name === serverUrlOf(host)) ??
    keys.find((name) => name.toLowerCase() === host.toLowerCase()) ??
    keys.find((name) => hostOf(name) === hostOf(host));
  return key === undefined ? undefined : fields[key];
}

function hostOf(key: string): string {
  const host = key.replace(/^https?:\/\//i, '').replace(/\/.*$/, '');
  return isDockerHub(host) ? 'docker.io' : host.toLowerCase();
}

function isDockerHub(host: string): boolean {
  return DOCKER_HUB_HOSTS.includes(host.toLowerCase());
}

/** `base64(user:password)`; Docker pads passwords with NUL. */
function decodeAuth(
  auth: string,
  path: string,
  host: string,
): [username: string, password: string] {
  const decoded = Buffer.from(auth, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1)
    throw broken(path, `auth of ${host} is not base64 of user:password`);
  return [
    decoded.slice(0, colon),
    decoded.slice(colon + 1).replace(/\0+$/, ''),
  ];
}

function fieldsOf(value: Fields, name: string, path: string): Fields {
  const fields = value[name] ?? {};
  if (!isObject(fields)) throw broken(path, `${name} is no object`);
  return fields;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function broken(path: string, why: string): SlipwayError {
  return new SlipwayError({
    code: 'SLIPWAY_E_CREDENTIALS',
    message: `${path} cannot be used: ${why}.`,
    hint: 'Mend the file, or move it away and log in again with docker login.',
  });
}
