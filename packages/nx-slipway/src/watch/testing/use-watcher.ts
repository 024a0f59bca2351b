import { writeFile } from 'node:fs/promises';
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

type Mode = [string, Partial<OpenWatcher>];

/** The ways to watch each folder. */
export const BY_FOLDER: Mode[] = [
  ['by a watch of each folder', { platform: 'linux' }],
  ['by looking now and then', { polling: 20 }],
];

/** All ways. On Linux it is Node that watches below a folder, and it misses some. */
export const MODES: Mode[] = [
  ...BY_FOLDER,
  ['by one watch of all', { platform: 'darwin' }],
];

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
      let marks = 0;
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
        /** Waits until what was done so far is told, and forgets it. */
        async settle(folder: string) {
          const mark = temp.at(folder, `mark${++marks}`);
          await writeFile(mark, '');
          await eventually('a mark', () => toldOf(mark));
          batches.splice(0);
        },
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
