const {
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} = require('node:fs');
const { homedir } = require('node:os');
const { dirname, join, relative } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

/**
 * Starts the files that took longest the last time first, so that none of them
 * runs alone at the end. Jest's own sequencer does so, too, but keeps what it
 * knows by the path of the checkout, below the folder for temporary files: a new
 * clone on the same machine starts by size. What is not known goes first, by
 * size. Plain JavaScript, since jest loads it before any transform.
 */
class LongestFirst extends Sequencer {
  async sort(tests) {
    const bySize = await super.sort(tests);
    const known = durations();
    const duration = (test) => known[nameOf(test)] ?? Infinity;
    // Infinity less Infinity is no number.
    return [...bySize].sort((a, b) =>
      duration(a) === duration(b) ? 0 : duration(b) - duration(a),
    );
  }

  cacheResults(tests, results) {
    const known = durations();
    const testOf = new Map(tests.map((test) => [test.path, test]));
    for (const result of results.testResults) {
      const test = testOf.get(result.testFilePath);
      // One that failed, or of which not all was run, might have taken longer.
      if (!test || result.numPassingTests === 0) continue;
      if (result.numFailingTests + result.numPendingTests > 0) continue;
      known[nameOf(test)] = result.perfStats.runtime;
    }
    const file = place();
    mkdirSync(dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}`;
    writeFileSync(temporary, JSON.stringify(known));
    renameSync(temporary, file);
  }
}

/** The sandbox's cacheFolder, which is TypeScript. */
const place = () =>
  join(
    process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    'nx-slipway/durations.json',
  );

const nameOf = ({ path, context: { config } }) =>
  `${config.displayName?.name}:${relative(config.rootDir, path)}`;

/** In milliseconds. Nothing depends on them but the order. */
function durations() {
  try {
    return JSON.parse(readFileSync(place(), 'utf8'));
  } catch {
    return {};
  }
}

module.exports = { __esModule: true, default: LongestFirst };
