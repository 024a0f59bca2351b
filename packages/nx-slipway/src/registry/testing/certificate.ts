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
 * Makes a certificate that nobody knows, by the `openssl` of the machine.
 * @param folder absolute; gets key.pem and cert.pem
 * @param names as subjectAltName has them
 */
export function makeCertificate(
  folder: string,
  names = 'IP:127.0.0.1,IP:0.0.0.0,DNS:localhost',
): Certificate {
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
  return {
    key: readFileSync(file('key.pem')),
    cert: readFileSync(file('cert.pem')),
    caFile: file('cert.pem'),
  };
}

/** One for a whole file of tests. Call it at the top of the file. */
export function useCertificate(names?: string): () => Certificate {
  let folder = '';
  let made: Certificate | undefined;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-tls-'));
    made = makeCertificate(folder, names);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => {
    if (!made) throw new Error('certificates are there when tests run');
    return made;
  };
}
