#!/usr/bin/env node
import { homedir } from 'node:os';
import { Secrets, scrub } from '../report';
import { runSlipway } from './run';

const secrets = new Secrets(process.env);
const clean = (text: string) => scrub(text, secrets.all);

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Who reads has read enough: `slipway doctor | head -1`.
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}

void runSlipway(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  homedir: homedir(),
  secrets,
  print: (text) => process.stdout.write(clean(text)),
  answer: (text) => process.stdout.write(text),
  warn: (line) => process.stderr.write(`${clean(line)}\n`),
}).then((code) => {
  // Nx's daemon, once asked for the graph, would keep us here. What was written
  // goes out first.
  process.stdout.write('', () =>
    process.stderr.write('', () => process.exit(code)),
  );
});
