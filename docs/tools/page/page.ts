import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import GithubSlugger from 'github-slugger';
import { parseInfo, type Info } from './info';

/** A page, as far as the tests of the docs look into it. */
export interface Page {
  /** From the root of the repository. */
  readonly path: string;
  /** What a link to this page may have behind its `#`. */
  readonly anchors: ReadonlySet<string>;
  readonly links: readonly Link[];
  readonly blocks: readonly Block[];
  /** What stands between backticks in a text. */
  readonly codes: readonly Code[];
}

export interface Code {
  readonly text: string;
  /** The first of the paragraph or table that it stands in. */
  readonly line: number;
}

export interface Link {
  readonly href: string;
  readonly title: string;
  /** The first of the paragraph or table that it stands in. */
  readonly line: number;
}

/** A block of code between backticks. */
export interface Block {
  readonly info: Info;
  readonly text: string;
  /** That of its backticks, from 1. */
  readonly line: number;
  /** Why it is not checked, if a comment says so. */
  readonly unchecked?: string;
}

const UNCHECKED = /^<!--\s*unchecked:\s*(.+?)\s*-->\s*$/;
const HTML_LINK = /\b(?:href|src|srcset)="([^"]+)"/g;
const HTML_ANCHOR = /\b(?:id|name)="([^"]+)"/g;

const markdown = new MarkdownIt({ html: true });

/** @param path from the root of the repository */
export function readPage(path: string, text: string): Page {
  const slugger = new GithubSlugger();
  const anchors = new Set<string>();
  const links: Link[] = [];
  const blocks: Block[] = [];
  const codes: Code[] = [];
  const tokens = markdown.parse(text, {});
  let line = 1;
  for (const [index, token] of tokens.entries()) {
    line = (token.map?.[0] ?? line - 1) + 1;
    const before = tokens[index - 1];
    if (before?.type === 'heading_open') {
      anchors.add(slugger.slug(titleOf(token)));
    }
    for (const part of [token, ...(token.children ?? [])]) {
      if (part.type === 'code_inline') codes.push({ text: part.content, line });
      links.push(...linksOf(part).map((link) => ({ ...link, line })));
      for (const [, anchor] of htmlOf(part).matchAll(HTML_ANCHOR)) {
        if (anchor) anchors.add(anchor);
      }
    }
    if (token.type !== 'fence') continue;
    const [, unchecked] = UNCHECKED.exec(htmlOf(before)) ?? [];
    const info = parseInfo(token.info);
    blocks.push({ info, text: token.content, line, unchecked });
  }
  return { path, anchors, links, blocks, codes };
}

/** The words of a heading, as GitHub takes them for its anchor. */
function titleOf(heading: Token): string {
  return (heading.children ?? [])
    .filter(({ type }) => type === 'text' || type === 'code_inline')
    .map(({ content }) => content)
    .join('');
}

function linksOf(token: Token): Omit<Link, 'line'>[] {
  const href = token.attrGet('href') ?? token.attrGet('src');
  if (href) return [{ href, title: token.attrGet('title') ?? '' }];
  return [...htmlOf(token).matchAll(HTML_LINK)].map(([, found = '']) => ({
    href: found,
    title: '',
  }));
}

const htmlOf = (token: Token | undefined): string =>
  token?.type === 'html_block' || token?.type === 'html_inline'
    ? token.content
    : '';
