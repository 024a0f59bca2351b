export { parseInfo, type Info } from './info';
export { readPage, type Block, type Link, type Page } from './page';
export { allPages, pageAt, REPOSITORY } from './pages';
