import { SlipwayError } from '../../report';
import { workspaceOptions, type WorkspaceOptions } from '../../settings';
import type { Arguments } from '../arguments';
import type { Terminal } from '../terminal';
import { optionsOf, registryIn, workspaceRoot } from '../workspace';
import { checksFor } from './checks';
import { ok, skip, type Check } from './finding';
import { formatResults } from './format';
import { runChecks } from './run-checks';

/** Longer than any check gives what it asks. */
const DEADLINE_MS = 60_000;

/** `slipway doctor` */
export async function doctor(
  args: Arguments,
  terminal: Terminal,
): Promise<number> {
  const root = await workspaceRoot(args, terminal);
  const { options, check } = await readOptions(root);
  const registry = registryIn(args, options.registry);
  const isSaid = args.text('registry') !== undefined;
  const source = isSaid ? '--registry' : 'nx.json';
  const end = new AbortController();
  const closing: (() => void | Promise<void>)[] = [];
  try {
    const checks = checksFor({
      terminal,
      root,
      options,
      registry: registry && { registry, source },
      isDetected: !isSaid && registry === undefined,
      context: args.text('context'),
      signal: end.signal,
      onEnd: (close) => closing.push(close),
    });
    const results = await runChecks([check, ...checks], DEADLINE_MS);
    terminal.print(
      args.isSet('json')
        ? `${JSON.stringify(results, null, 2)}\n`
        : formatResults(results),
    );
    return results.some(({ status }) => status === 'fail') ? 1 : 0;
  } finally {
    end.abort();
    for (const close of closing) await close();
  }
}

/** Options that are wrong fail one check: the others hold without them. */
async function readOptions(
  root: string | undefined,
): Promise<{ options: WorkspaceOptions; check: Check }> {
  const check = (look: Check['look']) => ({ name: 'workspace', look });
  try {
    const options = await optionsOf(root);
    const finding =
      root === undefined ? skip('not in an Nx workspace') : ok(root);
    return { options, check: check(() => Promise.resolve(finding)) };
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return {
      options: workspaceOptions({}),
      check: check(() => Promise.reject(error)),
    };
  }
}
