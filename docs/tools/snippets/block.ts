import { parseAllDocuments } from 'yaml';
import type { Block, Page } from '../page';
import { wrongJson } from './json';
import { wrongCommands } from './line';

/** @returns what is wrong with the code of a page, each by its line */
export function wrongCode(page: Page): string[] {
  const ofBlocks = page.blocks
    .filter(({ unchecked }) => unchecked === undefined)
    .flatMap((block) =>
      wrongBlock(block).map((why) => `line ${block.line}: ${why}`),
    );
  const ofText = page.codes
    .filter(({ text }) => COMMAND.test(text))
    .flatMap(({ text, line }) =>
      wrongCommands(text).map(([, why]) => `line ${line}: ${why}`),
    );
  return [...ofBlocks, ...ofText];
}

/** Of what stands between backticks in a text. */
const COMMAND = /^(?:npx nx|nx|npx slipway|slipway|npm run) \S/;
const SHELL = ['sh', 'bash', 'shell'];
const TERMINAL = ['', 'console', 'text'];
const PROMPT = /^\s*\$ (?=\S)/;

function wrongBlock({ info, text }: Block): string[] {
  const { language, words, values } = info;
  if (words.includes('expect')) return [];
  if (language === 'json' || language === 'jsonc') {
    return wrongJson(text, language, values.options);
  }
  if (language === 'yaml') {
    return parseAllDocuments(text)
      .flatMap(({ errors }) => errors)
      .map(({ message }) => message);
  }
  if (SHELL.includes(language)) return wrongCommands(text).map(said);
  if (!TERMINAL.includes(language)) return [];
  return text
    .split('\n')
    .filter((line) => PROMPT.test(line))
    .flatMap((line) => wrongCommands(line.replace(PROMPT, '')).map(said));
}

const said = ([line, why]: readonly [number, string]): string =>
  line === 0 ? why : `${why} (${line} lines below)`;
