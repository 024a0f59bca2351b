import type { Block, Page } from '../page';

/** What a reader of a page does, one after the other. */
export type Step = Write | Run | Expect;

export interface Write {
  readonly kind: 'write';
  readonly file: string;
  readonly text: string;
  readonly line: number;
}

export interface Run {
  readonly kind: 'run';
  readonly script: string;
  /** It stays until the end of the page. */
  readonly background: boolean;
  /** What its output must say until the next step comes. */
  readonly until?: string;
  /** It must not end with 0. */
  readonly fails: boolean;
  readonly line: number;
}

export interface Expect {
  readonly kind: 'expect';
  /** With `…` for anything. */
  readonly lines: readonly string[];
  /** Of what runs in the background, not of the block before. */
  readonly background: boolean;
  readonly line: number;
}

const WORDS = {
  run: ['run', 'background', 'fails'],
  expect: ['expect', 'background'],
  write: [],
};
const VALUES = { run: ['until'], expect: [], write: ['file'] };

/** Whether a block is a step of a story, or says that it is one. */
export const isStep = (block: Block): boolean => kindOf(block) !== undefined;

/** @throws an error naming the line of a block whose words are no step */
export function stepsOf(page: Page): Step[] {
  return page.blocks.flatMap((block) => {
    const kind = kindOf(block);
    return kind === undefined ? [] : [step(kind, block)];
  });
}

function kindOf({ info }: Block): Step['kind'] | undefined {
  if (info.words.includes('run')) return 'run';
  if (info.words.includes('expect')) return 'expect';
  return 'file' in info.values ? 'write' : undefined;
}

function step(kind: Step['kind'], { info, text, line }: Block): Step {
  const { language, words, values } = info;
  const known: readonly string[] = WORDS[kind];
  const names: readonly string[] = VALUES[kind];
  const unknown = [
    ...words.filter((word) => !known.includes(word)),
    ...Object.keys(values).filter((name) => !names.includes(name)),
  ];
  if (unknown.length > 0) {
    throw new Error(`line ${line}: ${kind} knows no ${unknown.join(', ')}.`);
  }
  const background = words.includes('background');
  const { file = '', until } = values;
  if (kind === 'write') return { kind, file, text, line };
  if (kind === 'expect') {
    const lines = text.split('\n').map((one) => one.trim());
    const said = lines.filter((one) => one !== '' && one !== '…');
    return { kind, lines: said, background, line };
  }
  if (language !== 'sh') {
    throw new Error(`line ${line}: only sh is run, not ${language}.`);
  }
  const fails = words.includes('fails');
  return { kind, script: text, background, until, fails, line };
}
