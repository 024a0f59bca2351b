import fc from 'fast-check';
import { exposedPort } from './exposed-port';

describe('the port that a Dockerfile exposes', () => {
  it.each<[string, string, number | undefined]>([
    ['one', 'FROM a\nEXPOSE 3000', 3000],
    ['the first of several', 'FROM a\nEXPOSE 8080 9090\nEXPOSE 1', 8080],
    ['with a protocol', 'FROM a\nEXPOSE 80/tcp', 80],
    ['not one of UDP', 'FROM a\nEXPOSE 53/udp 8053/TCP', 8053],
    ['the first of a range', 'FROM a\nexpose 7000-7010', 7000],
    ['by ENV', 'FROM a\nENV PORT=3000\nEXPOSE $PORT', 3000],
    ['by the old form of ENV', 'FROM a\nENV PORT 3000\nEXPOSE ${PORT}', 3000],
    ['by ARG', 'FROM a\nARG P="81" Q=1\nEXPOSE ${P}/tcp', 81],
    ['by a default', 'FROM a\nEXPOSE ${PORT:-5000}', 5000],
    ['by nothing', 'FROM a\nEXPOSE $PORT', undefined],
    ['of the last stage', 'FROM a AS x\nEXPOSE 1\nFROM b\nEXPOSE 2', 2],
    ['of no other stage', 'FROM a AS x\nEXPOSE 1\nFROM b', undefined],
    [
      'of the stage it is built from',
      'FROM --platform=linux/amd64 a AS Base\nENV P=4\nEXPOSE $P\nFROM base',
      4,
    ],
    ['on a line that is continued', 'FROM a\r\nEXPOSE \\\r\n # no\r\n  7', 7],
    ['not in a comment', 'FROM a\n# EXPOSE 1', undefined],
    ['not in a heredoc', 'FROM a\nRUN <<EOF\nEXPOSE 1\nEOF\nEXPOSE 2', 2],
    ['that is none', 'FROM a\nEXPOSE 0 70000 x', undefined],
  ])('is found: %s', (_, text, port) => {
    expect(exposedPort(text)).toBe(port);
  });

  it('is a port or nothing, whatever the file says', () => {
    const line = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(line, line, (one, two) => {
        const port = exposedPort(`${one}\nEXPOSE ${two}`) ?? 1;
        expect(port).toBeGreaterThanOrEqual(1);
        expect(port).toBeLessThanOrEqual(65535);
      }),
    );
  });
});
