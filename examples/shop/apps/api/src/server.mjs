import { createServer } from 'node:http';
import { formatPrice, products } from '../../../libs/catalog/src/catalog.mjs';

const routes = {
  '/healthz': () => ({ ok: true }),
  '/products': () =>
    products.map((product) => ({
      ...product,
      price: formatPrice(product.price),
    })),
};

const server = createServer((request, response) => {
  const answer = routes[request.url ?? ''];
  response.writeHead(answer ? 200 : 404, {
    'content-type': 'application/json',
  });
  response.end(JSON.stringify(answer ? answer() : { error: 'not found' }));
});

server.listen(8080, () => console.log('api: listening on 8080'));
// Process 1 of a container gets no default handler for it.
process.on('SIGTERM', () => process.exit(0));
