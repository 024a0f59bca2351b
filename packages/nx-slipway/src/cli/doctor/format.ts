import type { Result } from './finding';

/** A line for each check, and one below it where something is to be done. */
export function formatResults(results: readonly Result[]): string {
  const width = Math.max(...results.map(({ name }) => name.length));
  const lines = results.flatMap(({ status, name, detail, fix }) => {
    const line = `${status.padEnd(4)}  ${name.padEnd(width)}  ${detail}`;
    const margin = ' '.repeat(width + 8);
    return fix === undefined ? [line] : [line, `${margin}fix: ${fix}`];
  });
  const count = (wanted: Result['status']) =>
    results.filter(({ status }) => status === wanted).length;
  const summary = `${count('fail')} failed, ${count('warn')} to look at`;
  return `${[...lines, summary].join('\n')}\n`;
}
