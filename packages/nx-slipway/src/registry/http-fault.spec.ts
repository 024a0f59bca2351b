import { connect } from 'node:net';
import { faultOf as faultIn } from './http-fault';

const systemError = (code: string, syscall = 'connect') =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall });

const faultOf = (error: unknown) => faultIn(error, 15_000);

describe('faultOf', () => {
  it.each([
    ['UND_ERR_CONNECT_TIMEOUT', 'no connection within 15 s'],
    ['UND_ERR_HEADERS_TIMEOUT', 'no answer within 15 s'],
    ['UND_ERR_BODY_TIMEOUT', 'its answer did not go on for 15 s'],
  ])('says in words how long it waited for %s', (code, reason) => {
    const error = Object.assign(new Error(code), { code });
    expect(faultOf(error)).toMatchObject({ kind: 'timeout', reason });
  });

  it.each([
    ['ECONNREFUSED', 'connect', 'refused'],
    ['ETIMEDOUT', 'connect', 'timeout'],
    ['ECONNABORTED', 'read', 'broken'],
    ['EPROTO', 'write', 'handshake'],
    ['ENOTFOUND', 'getaddrinfo', 'unreachable'],
    ['EAI_FAIL', 'getaddrinfo', 'unreachable'],
    ['EACCES', 'connect', 'unreachable'],
    ['EPERM', 'connect', 'unreachable'],
    ['EADDRNOTAVAIL', 'connect', 'unreachable'],
    ['ENETDOWN', 'connect', 'unreachable'],
    ['EHOSTDOWN', 'connect', 'unreachable'],
    ['EMFILE', 'socket', 'unreachable'],
    ['ENFILE', 'socket', 'unreachable'],
    ['ENOBUFS', 'write', 'unreachable'],
  ])('knows %s of %s as %s', (code, syscall, kind) => {
    expect(faultOf(systemError(code, syscall))).toMatchObject({
      kind,
      reason: code,
    });
  });

  it('knows one of many addresses, which has no system call', () => {
    const errors = [systemError('EPERM'), systemError('EPERM')];
    const all = Object.assign(new AggregateError(errors), { code: 'EPERM' });
    expect(faultOf(all)?.kind).toBe('unreachable');
  });

  it('knows what the system really says where no socket is to be had', async () => {
    const localAddress = '192.0.2.1';
    const socket = connect({ host: '127.0.0.1', port: 1, localAddress });
    const error = await new Promise((resolve) => socket.on('error', resolve));
    expect(faultOf(error)?.kind).toBe('unreachable');
  });

  it('leaves defects as they are', () => {
    expect(faultOf(new TypeError('x is no function'))).toBeUndefined();
    const misused = Object.assign(new Error(), { code: 'UND_ERR_INVALID_ARG' });
    expect(faultOf(misused)).toBeUndefined();
  });
});
