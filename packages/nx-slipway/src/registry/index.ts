export { dockerCredentials, noCredentials } from './credentials';
export type {
  Credentials,
  CredentialSource,
  DockerCredentialsOptions,
} from './credentials';
export { isLoopback, trustIn } from './host';
export { holds, readImage } from './read-image';
export type { RegistryChild, RegistryImage } from './read-image';
export { connectRegistry } from './registry-client';
export type {
  ManifestBytes,
  ManifestHead,
  RegistryClient,
} from './registry-client';
export type { SessionOptions as RegistryOptions } from './session';
