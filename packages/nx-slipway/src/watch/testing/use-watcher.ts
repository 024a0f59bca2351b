import { recordingReporter } from '../../testing/recording-reporter';
import { useTempFolder } from '../../testing/temp-folder';
import { eventually } from '../../testing/wait';
import {
  openWatcher,
  type Changes,
  type OpenWatcher,
  type WatchedTree,
} from '..';
import type { OpenFolder } from '../open-folder';

/** A watcher with a folder of its own for each test of a file. */
export function useWatcher() {
  const temp = useTempFolder();
  const opened: { close(): void }[] = [];
  afterEach(() => {
    for (const watcher of opened.splice(0)) watcher.close();
  });
  return {
    temp,
    open(options: Partial<OpenWatcher> = {}, openFolder?: OpenFolder) {
      const { warnings, ...reporter } = recordingReporter();
      const batches: Changes[] = [];
      const onChanges = (changes: Changes) => batches.push(changes);
      const watcher = openWatcher(
        { onChanges, reporter, root: temp.path, ...options },
        openFolder,
      );
      opened.push(watcher);
      const toldOf = (path: string) =>
        batches.some(({ paths, all }) => all || paths.has(path));
      return {
        watcher,
        batches,
        warnings,
        /** @param trees paths in the folder, or trees with these */
        watch: (...trees: (string | WatchedTree)[]) =>
          watcher.watch(
            trees.map((tree) =>
              typeof tree === 'string'
                ? { path: temp.at(tree) }
                : { ...tree, path: temp.at(tree.path) },
            ),
          ),
        /** Waits until some paths were told of, and forgets what was told. */
        async hears(...paths: string[]) {
          for (const path of paths) {
            await eventually(path, () => toldOf(temp.at(path)));
          }
          return batches.splice(0);
        },
      };
    },
  };
}
