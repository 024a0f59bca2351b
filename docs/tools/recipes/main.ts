import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../page';
import { fillRecipes } from './fill';
import { PAGE } from './page';

/** `npx nx run docs:recipes`: writes what the recipes say into their page. */
const file = join(REPOSITORY, PAGE);
writeFileSync(file, fillRecipes(readFileSync(file, 'utf8')));
