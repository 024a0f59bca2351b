// Writes dist/index.html from the catalog, which the api serves too.
import { mkdir, writeFile } from 'node:fs/promises';
import { formatPrice, products } from '../../libs/catalog/src/catalog.mjs';
import { page } from './src/page.mjs';

const items = products.map(({ name, price }) => ({
  name,
  price: formatPrice(price),
}));
const dist = new URL('dist/', import.meta.url);
await mkdir(dist, { recursive: true });
await writeFile(new URL('index.html', dist), page(items));
