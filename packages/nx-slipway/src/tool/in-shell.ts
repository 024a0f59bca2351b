/**
 * The words that run the user's own command string: `sh -c` as Tilt has it; on
 * Windows as Node's option `shell` has it, for verbatim arguments. There `/s`
 * takes the outer quotes off, and without them those of a command such as
 * `"C:\Program Files\x.exe" "a"`.
 * https://learn.microsoft.com/windows-server/administration/windows-commands/cmd
 */
export function inShell(command: string, platform: NodeJS.Platform): string[] {
  return platform === 'win32'
    ? ['cmd.exe', '/d', '/s', '/c', `"${command}"`]
    : ['sh', '-c', command];
}
