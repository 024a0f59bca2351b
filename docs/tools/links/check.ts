import { posix } from 'node:path';
import type { Link, Page } from '../page';
import { holdsTest } from './test-names';

/** What links lead to. */
export interface Files {
  /** @param path from the root of the repository */
  readonly exists: (path: string) => boolean;
  /** @returns undefined for a path that is no page */
  readonly pageAt: (path: string) => Page | undefined;
  readonly textOf: (path: string) => string;
}

const EXTERNAL = /^[a-z][a-z0-9+.-]*:/i;
const SPEC = /\.spec\.ts$/;

/** @returns what is wrong with the links of a page, each by its line */
export function wrongLinks(page: Page, files: Files): string[] {
  return page.links.flatMap((link) => {
    const why = EXTERNAL.test(link.href)
      ? wrongUrl(link.href)
      : wrongPath(link, page, files);
    return why === undefined ? [] : [`line ${link.line}: ${link.href} ${why}`];
  });
}

function wrongUrl(href: string): string | undefined {
  if (!URL.canParse(href)) return 'is no URL';
  const { protocol, hostname } = new URL(href);
  if (protocol !== 'https:') return 'is not https';
  return hostname.includes('.') ? undefined : 'is no public host';
}

function wrongPath(
  { href, title }: Link,
  page: Page,
  files: Files,
): string | undefined {
  const [written = '', anchor] = href.split('#');
  if (written.startsWith('/')) return 'begins with a /';
  const path =
    written === ''
      ? page.path
      : posix.join(posix.dirname(page.path), decodeURI(written));
  if (path.startsWith('..')) return 'leads out of the repository';
  if (path !== page.path && !files.exists(path)) return 'leads to no file';
  if (SPEC.test(path) && title !== '') {
    return holdsTest(files.textOf(path), title)
      ? undefined
      : `has no test "${title}"`;
  }
  if (anchor === undefined) return undefined;
  const target = path === page.path ? page : files.pageAt(path);
  if (target === undefined) return 'has an anchor in what is no page';
  return target.anchors.has(decodeURI(anchor))
    ? undefined
    : 'has no such anchor';
}
