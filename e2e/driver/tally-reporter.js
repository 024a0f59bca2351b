const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { stripVTControlCharacters } = require('node:util');

/** In characters, of what one file says of its failures. */
const MAX_TOLD = 8000;

/**
 * Leaves the counts of one jest run, and what failed in it, where run-tests.ts
 * adds them up: a run is one project, so projects do not meet. Plain
 * JavaScript, since jest loads it before any transform.
 */
class TallyReporter {
  onRunComplete(contexts, results) {
    const folder = process.env.SLIPWAY_TALLY;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    const tally = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      failures: results.testResults
        .filter(({ failureMessage }) => failureMessage)
        .map(({ testFilePath, failureMessage }) => {
          const told = stripVTControlCharacters(failureMessage);
          return `${testFilePath}\n${told.slice(0, MAX_TOLD)}`;
        }),
    };
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(tally));
  }
}

module.exports = TallyReporter;
