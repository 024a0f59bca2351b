/** Who we are to a registry. `source` says where it was found, for people. */
export type Credentials =
  | {
      readonly kind: 'basic';
      readonly username: string;
      readonly password: string;
      readonly source: string;
    }
  /** Good for tokens only: OAuth2 calls it a refresh token. */
  | {
      readonly kind: 'identityToken';
      readonly token: string;
      readonly source: string;
    }
  /** A bearer token, sent as it is. */
  | {
      readonly kind: 'registryToken';
      readonly token: string;
      readonly source: string;
    };

/** Where credentials come from. */
export interface CredentialSource {
  /**
   * @param host `host[:port]`; `docker.io` for Docker Hub
   * @returns undefined if there are none for it
   * @throws SLIPWAY_E_CREDENTIALS
   */
  credentialsFor(host: string): Promise<Credentials | undefined>;
  /** Lets go of an answer that the registry did not take: it may be too old. */
  forget(host: string): void;
}

/** For registries that are spoken to as nobody. */
export const noCredentials: CredentialSource = {
  credentialsFor: () => Promise.resolve(undefined),
  forget: () => undefined,
};

/** The value of an Authorization header. */
export function basicHeader(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** All that must not be shown of them, and how it stands in headers. */
export function secretsIn(credentials: Credentials): string[] {
  if (credentials.kind !== 'basic') return [credentials.token];
  const { username, password } = credentials;
  const encoded = basicHeader(username, password).slice('Basic '.length);
  return password === '' ? [] : [password, encoded];
}
