import { parseCommand } from './cli/arguments';
import { RUN } from './cli/commands';
import { USAGE } from './cli/usage';
import { SandboxError } from './error';

async function main(argv: readonly string[]): Promise<number> {
  try {
    const command = parseCommand(argv);
    if (command !== 'help') return await RUN[command.command](command);
    process.stdout.write(USAGE);
    return 0;
  } catch (error) {
    // Ours are told, others are faults of the sandbox and show their stack.
    if (!(error instanceof SandboxError)) throw error;
    const hint = error.hint === undefined ? '' : `\n${error.hint}`;
    process.stderr.write(`${error.code}: ${error.message}${hint}\n`);
    return error.code === 'SANDBOX_E_USAGE' ? 2 : 1;
  }
}

void main(process.argv.slice(2)).then((code) => {
  // Not when the last child has ended: after an error nobody waits for a build
  // that has begun, and it ends with this process.
  process.exit(code);
});
