import { inShell } from './in-shell';

const COMMAND = '"C:\\Program Files\\x.exe" "a b" && echo c';

it.each(['linux', 'darwin'] as const)('is sh, on %s', (platform) => {
  expect(inShell(COMMAND, platform)).toEqual(['sh', '-c', COMMAND]);
});

it('is cmd on Windows, in quotes of its own that /s takes off', () => {
  expect(inShell(COMMAND, 'win32')).toEqual([
    ...['cmd.exe', '/d', '/s', '/c'],
    `"${COMMAND}"`,
  ]);
});
