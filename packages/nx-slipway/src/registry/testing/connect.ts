import { recordingReporter } from '../../testing/recording-reporter';
import { noCredentials } from '../credentials';
import { connectRegistry, type RegistryClient } from '../registry-client';
import type { SessionOptions } from '../session';

export interface TestClient extends RegistryClient {
  /** Milliseconds of each wait before another attempt; none was waited for. */
  readonly waits: readonly number[];
  readonly warnings: readonly string[];
  /** Each value that it said must not be shown. */
  readonly secrets: ReadonlySet<string>;
}

/** Connects clients that never sleep. Call it at the top of a file. */
export function useClients() {
  const clients: RegistryClient[] = [];
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
  });
  return (host: string, options: Partial<SessionOptions> = {}): TestClient => {
    const waits: number[] = [];
    const secrets = new Set<string>();
    const reporter = recordingReporter();
    const client = connectRegistry(host, {
      insecure: false,
      caFile: '',
      credentials: noCredentials,
      env: {},
      signal: new AbortController().signal,
      reporter,
      onSecret: (value) => secrets.add(value),
      random: () => 0.5,
      sleep: (ms) => Promise.resolve(void waits.push(ms)),
      ...options,
    });
    clients.push(client);
    return { ...client, waits, secrets, warnings: reporter.warnings };
  };
}
