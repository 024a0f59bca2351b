import { parseArgs } from 'node:util';
import { SandboxError, upByCommand } from '@nx-slipway/sandbox';
import { acquireLock } from '../../e2e/sandbox/bootstrap';
import { demo } from './demo';
import { DemoError } from './error';
import { lineNarrator, type Narrator } from './narrator';
import { placesOf } from './places';
import { farewell, USAGE } from './words';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** All but --help are the sandbox's, which tells what they mean. */
const FLAGS = {
  help: { type: 'boolean', short: 'h' },
  yes: { type: 'boolean', short: 'y' },
  context: { type: 'string' },
  kubeconfig: { type: 'string' },
  registry: { type: 'string' },
  'registry-from-cluster': { type: 'string' },
  'docker-host': { type: 'string' },
} as const;

function wantsHelp(args: string[]): boolean {
  try {
    return parseArgs({ args, options: FLAGS }).values.help ?? false;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new DemoError(
      'DEMO_E_USAGE',
      error.message,
      'npm run demo -- --help tells what there is.',
    );
  }
}

async function sandboxWithCluster(args: string[], signal: AbortSignal) {
  const sandbox = await upByCommand(args, signal);
  if (sandbox?.cluster) return sandbox;
  // Somebody brought it up without one.
  return upByCommand([...args, '--cluster'], signal);
}

async function tell(args: string[], narrator: Narrator, signal: AbortSignal) {
  const places = placesOf(process.env);
  const release = await acquireLock(`demo ${places.base}`, () =>
    print('Waiting for another demo to end ...'),
  );
  try {
    narrator.chapter('The sandbox: Docker, a registry and a cluster');
    const sandbox = await sandboxWithCluster(args, signal);
    const cluster = sandbox?.cluster;
    if (!sandbox || !cluster) {
      throw new DemoError('DEMO_E_SANDBOX', 'The sandbox has no cluster.');
    }
    await demo({ sandbox, cluster, places, narrator, signal });
    farewell(places.shop, cluster).forEach(print);
  } finally {
    await release();
  }
}

/**
 * Ends what runs, then this. Listens on: npm passes a Ctrl-C on that the
 * terminal sent to us too, and without a listener execa's own ends us at once.
 */
function abortOn(names: readonly NodeJS.Signals[]): AbortController {
  const controller = new AbortController();
  for (const name of names) process.on(name, () => controller.abort());
  return controller;
}

async function main(args: string[]): Promise<number> {
  const { signal } = abortOn(['SIGINT', 'SIGTERM', 'SIGHUP']);
  try {
    if (wantsHelp(args)) {
      print(USAGE);
      return 0;
    }
    const now = () => performance.now();
    const start = now();
    const narrator = lineNarrator(print, now);
    await tell(args, narrator, signal);
    print(`\nThat took ${((now() - start) / 1000).toFixed(0)} s.`);
    return 0;
  } catch (error) {
    if (signal.aborted) {
      print('\nStopped. The next run starts afresh.');
      return 130;
    }
    if (!(error instanceof SandboxError)) throw error;
    const hint = error.hint === undefined ? '' : `\n${error.hint}`;
    process.stderr.write(`${error.code}: ${error.message}${hint}\n`);
    return 1;
  }
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
