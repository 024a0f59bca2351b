import { createInterface } from 'node:readline/promises';
import { downWith } from '../down';
import { SandboxError } from '../error';
import type { Plan } from '../options';
import { lineReport } from '../report';
import { environmentOf, type Sandbox } from '../sandbox';
import { readStatus } from '../status';
import { ensureSandbox, readSandbox } from '../up';
import type { Command, CommandName } from './arguments';
import { exportLines, formatSandbox, formatStatus } from './format';

const print = (text: string) => process.stdout.write(`${text}\n`);
const seconds = (from: number) =>
  `${((performance.now() - from) / 1000).toFixed(1)} s`;

/** Says what comes; asks only where somebody can answer. */
async function confirm(plan: Plan, yes: boolean): Promise<boolean> {
  const { packages, builds } = plan;
  if (packages.length > 0) {
    print(`To be installed from Debian: ${packages.join(' ')}`);
  }
  if (builds.length > 0) {
    print(`To be built from Go modules: ${builds.join(', ')}`);
  }
  if (yes || !process.stdin.isTTY) return true;
  const terminal = createInterface(process.stdin, process.stdout);
  try {
    return /^(y|yes|)$/i.test(
      (await terminal.question('Go on? [Y/n] ')).trim(),
    );
  } finally {
    terminal.close();
  }
}

async function up(command: Command): Promise<number> {
  const start = performance.now();
  const sandbox = await ensureSandbox({
    ...command.up,
    report: lineReport(print, () => performance.now()),
    confirm: (plan) => confirm(plan, command.yes),
  });
  print(`The sandbox "${sandbox.name}" is up (${seconds(start)}).`);
  print(formatSandbox(sandbox));
  return 0;
}

async function down({ name, purge }: Command): Promise<number> {
  const start = performance.now();
  await downWith({ name, purge });
  print(`The sandbox "${name ?? 'default'}" is down (${seconds(start)}).`);
  return 0;
}

async function status({ name, json }: Command): Promise<number> {
  const found = await readStatus(name);
  print(json ? JSON.stringify(found, null, 2) : formatStatus(found));
  return found.state === 'up' ? 0 : 3;
}

async function env({ name, json }: Command): Promise<number> {
  const sandbox: Sandbox | undefined = await readSandbox(name);
  if (sandbox === undefined) {
    throw new SandboxError(
      'SANDBOX_E_DOWN',
      `The sandbox "${name ?? 'default'}" is not up.`,
      'Bring it up: npm run sandbox -- up',
    );
  }
  const variables = environmentOf(sandbox, process.env['PATH']);
  print(json ? JSON.stringify(variables, null, 2) : exportLines(variables));
  return 0;
}

export const RUN: Record<CommandName, (command: Command) => Promise<number>> = {
  up,
  down,
  status,
  env,
};
