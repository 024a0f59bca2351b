export { basicHeader, noCredentials, secretsIn } from './credentials';
export type { Credentials, CredentialSource } from './credentials';
export { dockerCredentials } from './docker-credentials';
export type { DockerCredentialsOptions } from './docker-credentials';
