const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

/**
 * Leaves the counts of one jest run where run-tests.ts adds them up: a run is
 * one project, so projects do not meet. Plain JavaScript, since jest loads it
 * before any transform.
 */
class TallyReporter {
  onRunComplete(contexts, results) {
    const folder = process.env.SLIPWAY_TALLY;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    const tally = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    };
    writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify(tally));
  }
}

module.exports = TallyReporter;
