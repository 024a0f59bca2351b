import {
  connectRegistry,
  noCredentials,
  type RegistryClient,
} from '../../../../packages/nx-slipway/src/registry';

/** A registry on loopback, asked as nobody. */
export function openRegistry(host: string): RegistryClient {
  return connectRegistry(host, {
    insecure: false,
    caFile: '',
    credentials: noCredentials,
    env: {},
    signal: new AbortController().signal,
    onSecret: () => undefined,
    reporter: { warn: () => undefined },
  });
}
