import { rm } from 'node:fs/promises';
import { useTempFolder } from '../testing/temp-folder';
import { folderBell } from './folder-bell';

const temp = useTempFolder();
const { signal } = new AbortController();
/** Longer than any test may take: what ends must have been rung for. */
const EVER_MS = 600_000;

describe('a folder bell', () => {
  it('rings for a change that came before it was asked', async () => {
    const bell = folderBell(temp.path);
    await temp.write({ one: '' });
    await bell.next(EVER_MS, signal);
    bell.close();
  });

  it('rings for a change that comes later', async () => {
    const bell = folderBell(temp.path);
    const rung = bell.next(EVER_MS, signal);
    await temp.write({ one: '' });
    await rung;
    bell.close();
  });

  it('rings when the time is over, and where there is no folder', async () => {
    const bell = folderBell(temp.at('gone'));
    await bell.next(1, signal);
    bell.close();
  });

  it('goes on when the folder is removed', async () => {
    await temp.write({ 'sub/file': '' });
    const bell = folderBell(temp.at('sub'));
    await rm(temp.at('sub'), { recursive: true });
    await bell.next(1, signal);
    await bell.next(1, signal);
    bell.close();
  });

  it('rings at once for who is cancelled, and who was', async () => {
    const bell = folderBell(temp.path);
    const controller = new AbortController();
    const rung = bell.next(EVER_MS, controller.signal);
    controller.abort();
    await rung;
    await bell.next(EVER_MS, controller.signal);
    bell.close();
  });
});
