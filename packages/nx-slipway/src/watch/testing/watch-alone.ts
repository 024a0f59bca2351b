import { openWatcher, type OpenWatcher } from '..';

/**
 * A watcher in a process of its own, that tests may stop and limit. Its arguments
 * are a folder and options as JSON; it prints a line of JSON for each warning
 * and each batch. Told to close, it must end by itself.
 */
const [path = '', options = '{}'] = process.argv.slice(2);
const print = (line: object) =>
  void process.stdout.write(`${JSON.stringify(line)}\n`);

const watcher = openWatcher({
  onChanges: ({ paths, all }) => print({ paths: [...paths], all }),
  reporter: { info: () => undefined, warn: (warning) => print({ warning }) },
  root: path,
  ...(JSON.parse(options) as Partial<OpenWatcher>),
});
process.once('message', () => {
  watcher.close();
  process.disconnect();
});
void watcher.watch([{ path }]).then(() => print({ isReady: true }));
