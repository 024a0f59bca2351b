import type { Arguments } from '../arguments';
import type { Terminal } from '../terminal';
import { askRunning } from './ask';

/** `slipway pause` */
export function pause(args: Arguments, terminal: Terminal): Promise<number> {
  const told = 'is paused: nothing is built or applied until slipway resume';
  return ask('pause', told, args, terminal);
}

/** `slipway resume` */
export function resume(args: Arguments, terminal: Terminal): Promise<number> {
  return ask('resume', 'goes on', args, terminal);
}

async function ask(
  what: 'pause' | 'resume',
  told: string,
  args: Arguments,
  terminal: Terminal,
): Promise<number> {
  const { done, exitCode } = await askRunning(args, terminal, { ask: what });
  for (const { pid } of done) terminal.print(`nx serve, pid ${pid}, ${told}\n`);
  return exitCode;
}
