import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  down,
  readSandbox,
  SandboxError,
  upByCommand,
} from '@nx-slipway/sandbox';
import { execa } from 'execa';
import { acquireLock } from '../sandbox/bootstrap';
import { MARK, endOrphans } from './orphans';

const REPOSITORY = join(__dirname, '../..');

/**
 * `npm test`: the sandbox, every test of every project, and one line that
 * counts them. Leaves the sandbox as it found it: up or down. Its arguments
 * are those of `npm run sandbox -- up`.
 */
async function main(): Promise<number> {
  const release = await acquireLock('npm test', () =>
    process.stdout.write('Waiting for another npm test to end ...\n'),
  );
  try {
    await endOrphans();
    return await testAll();
  } finally {
    await release();
  }
}

async function testAll(): Promise<number> {
  const wasUp = (await readSandbox()) !== undefined;
  await upByCommand(process.argv.slice(2));
  const tally = await mkdtemp(join(tmpdir(), 'slipway-tally-'));
  try {
    const exitCode = await runTargets(tally);
    const { passed, failed, failures } = await addUp(tally);
    // Once more, and in one piece: above, Nx has put its own words between.
    if (failures.length > 0) {
      process.stdout.write(`\nFailed:\n\n${failures.join('\n')}\n`);
    }
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    return exitCode;
  } finally {
    await rm(tally, { recursive: true, force: true });
    if (!wasUp) await down();
  }
}

/** Serially: the tests share one Docker and one cluster, and two cores. */
async function runTargets(tally: string): Promise<number> {
  const { exitCode } = await execa(
    join(REPOSITORY, 'node_modules/.bin/nx'),
    [
      'run-many',
      '--targets=test,e2e',
      '--parallel=1',
      '--output-style=stream',
      '--skip-nx-cache',
    ],
    {
      cwd: REPOSITORY,
      env: {
        [MARK]: '1',
        SLIPWAY_TALLY: tally,
        NX_DAEMON: 'false',
        NX_TUI: 'false',
      },
      stdin: 'ignore',
      stdout: 'inherit',
      stderr: 'inherit',
      reject: false,
    },
  );
  return exitCode ?? 1;
}

async function addUp(folder: string) {
  const sum = { passed: 0, failed: 0, failures: [] as string[] };
  for (const name of await readdir(folder)) {
    const one = JSON.parse(
      await readFile(join(folder, name), 'utf8'),
    ) as typeof sum;
    sum.passed += one.passed;
    sum.failed += one.failed;
    sum.failures.push(...one.failures);
  }
  return sum;
}

main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.exitCode = 1;
    if (!(error instanceof SandboxError)) throw error;
    const hint = error.hint === undefined ? '' : `\n${error.hint}`;
    process.stderr.write(`${error.code}: ${error.message}${hint}\n`);
  },
);
