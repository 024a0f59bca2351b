import type { Arguments } from '../arguments';
import type { Terminal } from '../terminal';
import { askRunning } from './ask';
import { formatStatus } from './format-status';

/** `slipway status` */
export async function status(
  args: Arguments,
  terminal: Terminal,
): Promise<number> {
  const { done, exitCode } = await askRunning(args, terminal, {
    ask: 'status',
  });
  const all = done.map((answer) => answer.status);
  if (args.isSet('json')) {
    // Serve has taken the secrets out of it.
    terminal.answer(`${JSON.stringify(all, null, 2)}\n`);
  } else {
    const now = Date.now();
    terminal.print(all.map((one) => formatStatus(one, now)).join('\n'));
  }
  return exitCode;
}
