const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

/**
 * Runs src/support/prepare.ts in a process of its own: jest loads this file by
 * Node's own loader, which can take neither TypeScript nor path aliases.
 */
module.exports = function globalSetup() {
  const output = execFileSync(
    process.execPath,
    [
      join(__dirname, '../sandbox/bootstrap.js'),
      join(__dirname, 'src/support/prepare.ts'),
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const last = output.trim().split('\n').at(-1);
  const { tarball, template } = JSON.parse(last);
  process.env.SLIPWAY_E2E_TARBALL = tarball;
  process.env.SLIPWAY_E2E_TEMPLATE = template;
};
