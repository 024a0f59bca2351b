import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly key: Buffer;
  readonly cert: Buffer;
  /** Its own authority: absolute, PEM. */
  readonly caFile: string;
}

/**
 * A certificate that nobody knows, for loopback and for 0.0.0.0, by the
 * `openssl` of the machine. Call it at the top of a file.
 */
export function useCertificate(
  names = 'IP:127.0.0.1,IP:0.0.0.0,DNS:localhost',
): () => Certificate {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-tls-'));
    const file = (name: string) => join(folder, name);
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    const out = ['-keyout', file('key.pem'), '-out', file('cert.pem')];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-nodes', '-days', '2', '-subj', '/CN=slipway'],
        ...['-addext', `subjectAltName=${names}`, ...curve, ...out],
      ],
      { stdio: 'pipe' },
    );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => ({
    key: readFileSync(join(folder, 'key.pem')),
    cert: readFileSync(join(folder, 'cert.pem')),
    caFile: join(folder, 'cert.pem'),
  });
}
