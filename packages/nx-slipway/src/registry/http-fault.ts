/** Why a request got no whole answer. */
export type FaultKind =
  /** No connection, or no bytes, for too long. */
  | 'timeout'
  /** Nobody listens there. */
  | 'refused'
  /** The connection ended in the middle. */
  | 'broken'
  /** A TLS server whose certificate nobody vouches for. */
  | 'certificate'
  /** What listens there speaks no TLS, or none that we speak. */
  | 'handshake'
  /** The name or the network is not there, or the system gives no socket. */
  | 'unreachable'
  /** The proxy, not the server, said no. */
  | 'proxy'
  /** It answered, but that is no HTTP or makes no sense. */
  | 'answer';

/** A fault of the network; upper layers make it an error for people. */
export class HttpFault extends Error {
  constructor(
    readonly kind: FaultKind,
    /** Short, for brackets: `ECONNREFUSED`, `no answer within 15 s`. */
    readonly reason: string,
    cause: unknown,
  ) {
    super(reason, { cause });
    this.name = 'HttpFault';
  }
}

const KINDS: ReadonlyMap<string, FaultKind> = new Map([
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  ['ETIMEDOUT', 'timeout'],
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'broken'],
  ['ECONNABORTED', 'broken'],
  ['EPIPE', 'broken'],
  ['UND_ERR_SOCKET', 'broken'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'broken'],
  ['UND_ERR_HEADERS_OVERFLOW', 'answer'],
  ['ENOTFOUND', 'unreachable'],
  ['EAI_AGAIN', 'unreachable'],
  ['EAI_FAIL', 'unreachable'],
  ['EHOSTUNREACH', 'unreachable'],
  ['EHOSTDOWN', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ENETDOWN', 'unreachable'],
  ['EADDRNOTAVAIL', 'unreachable'],
  ['EACCES', 'unreachable'],
  ['EPERM', 'unreachable'],
  ['EMFILE', 'unreachable'],
  ['ENFILE', 'unreachable'],
  ['EPROTO', 'handshake'],
  ['UND_ERR_ABORTED', 'proxy'],
  ['UND_ERR_PRX_TLS', 'proxy'],
]);

/** OpenSSL's words for a chain that ends nowhere, is too old or names others. */
const CERTIFICATE =
  /^(?:CERT_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|CRL_)/;

/**
 * What an error of undici, of a socket or of TLS means.
 * @param idle the milliseconds without a byte after which undici gives up
 * @returns undefined if it is none of these, but a defect
 */
export function faultOf(error: unknown, idle: number): HttpFault | undefined {
  if (error instanceof HttpFault) return error;
  const { name, code, message, syscall } = error as NodeJS.ErrnoException;
  if (name === 'HTTPParserError') {
    return new HttpFault('answer', 'it speaks no HTTP', error);
  }
  if (typeof code !== 'string') return undefined;
  // Systems have more ways to give no socket than anybody lists.
  const kind = kindOf(code) ?? (syscall ? 'unreachable' : undefined);
  const seconds = `${idle / 1000} s`;
  return kind && new HttpFault(kind, reasonOf(code, message, seconds), error);
}

function kindOf(code: string): FaultKind | undefined {
  if (code.startsWith('ERR_SSL_')) return 'handshake';
  return CERTIFICATE.test(code) ? 'certificate' : KINDS.get(code);
}

function reasonOf(code: string, message: string, idle: string): string {
  switch (code) {
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `no connection within ${idle}`;
    case 'UND_ERR_HEADERS_TIMEOUT':
      return `no answer within ${idle}`;
    case 'UND_ERR_BODY_TIMEOUT':
      return `its answer did not go on for ${idle}`;
    case 'UND_ERR_SOCKET':
      return 'the connection was closed';
    case 'UND_ERR_ABORTED':
      return message;
    default:
      return code;
  }
}
