const title = 'Slipway Shop';
const greeting = 'Everything a boat needs.';

/** @param {{ name: string, price: string }[]} items */
export function page(items) {
  const rows = items.map(({ name, price }) => `    <li>${name}: ${price}</li>`);
  return `<!doctype html>
<html lang="en">
  <title>${title}</title>
  <link rel="stylesheet" href="shop.css">
  <h1>${title}</h1>
  <p>${greeting}</p>
  <ul>
${rows.join('\n')}
  </ul>
</html>
`;
}
