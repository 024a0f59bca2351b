import { execFile } from 'node:child_process';
import { transferError } from './advice';

const place = { namespace: 'shop', pod: 'web-1', container: 'web' };
const told = (words: string, exitCode = 1) => {
  const error = transferError(place, { what: 'tar failed', words, exitCode });
  return { message: error.message, hint: error.hint ?? '' };
};

it('says where, what, and in whose words', () => {
  expect(told('tar: short read').message).toBe(
    'the container web of the pod shop/web-1 took no update: tar failed (exit code 1): tar: short read.',
  );
});

it('ends with one stop, whoever has said it', () => {
  expect(told('the cluster does not answer.').message).toMatch(/answer\.$/);
});

describe('what to do about it is known', () => {
  it.each([
    // Kubernetes and the API server.
    [
      'no command has run to its end in the container web of the pod web-1: exec: "sh": executable file not found in $PATH.',
      /has no shell/,
      /shell and tar/,
    ],
    [
      'exec: "sh": stat /bin/sh: no such file or directory',
      /has no shell/,
      /shell and tar/,
    ],
    [
      'pods "web-1" is forbidden: User "dev" cannot create resource "pods/exec" in API group "" in the namespace "shop"',
      /forbidden/,
      /resources: \["pods\/exec"\]/,
    ],
    // Shells.
    ['sh: 1: tar: not found', /lacks a tool/, /Install/],
    ['sh: line 2: head: command not found', /lacks a tool/, /Install/],
    ['no head, no mv', /lacks a tool/, /Install/],
    ["sh: can't fork: Resource temporarily unavailable", /processes/, /limit/],
    [
      'sh: 1: cannot create /app/a: Permission denied',
      /may not write/,
      /chown/,
    ],
    // GNU.
    [
      "mkdir: cannot create directory '/app': Read-only file system",
      /may not be written/,
      /emptyDir/,
    ],
    [
      "mv: cannot create regular file '/app/a': Permission denied",
      /may not write/,
      /chown/,
    ],
    [
      "head: error writing 'standard output': No space left on device",
      /no space/,
      /ephemeral-storage/,
    ],
    [
      'tar: 0/a: Wrote only 512 of 10240 bytes\ntar: Exiting: No space left on device',
      /no space/,
      /ephemeral-storage/,
    ],
    [
      "mv: cannot move 'a' to '/app/a': Device or resource busy",
      /mounted/,
      /subPath/,
    ],
    ['sh: 1: cannot create /app/bin: Text file busy', /runs/, /replaced/],
    // Busybox.
    [
      "mkdir: can't create directory '/app/': Permission denied",
      /may not write/,
      /chown/,
    ],
    ['head: standard output: I/O error', /no space/, /ephemeral-storage/],
    ['tar: write error: No space left on device', /no space/, /ephemeral/],
    ["mv: can't rename 'a': Operation not permitted", /may not write/, /chown/],
  ])('%s', (words, message, hint) => {
    const error = told(words);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  it('of what was killed', () => {
    expect(told('Killed', 137).message).toMatch(/killed \(exit code 137\)/);
    expect(told('Killed', 137).hint).toMatch(/memory limit/);
    // As long as the tool has said nothing else.
    expect(told('a: Read-only file system', 137).hint).toMatch(/emptyDir/);
  });
});

it.each([[[]], [['busybox']]])(
  'in the words of the tools that are here: %j',
  async (prefix) => {
    const [file = '', ...args] = [
      ...prefix,
      'cp',
      '/etc/hostname',
      '/dev/full',
    ];
    const words = await new Promise<string>((resolve) =>
      execFile(file, args, (_error, _stdout, stderr) => resolve(stderr)),
    );
    expect(told(words).hint).toMatch(/ephemeral-storage/);
  },
);
