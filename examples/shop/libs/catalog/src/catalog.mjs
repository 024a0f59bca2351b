/** What the shop sells; prices are in cents. */
export const products = [
  { id: 'anchor', name: 'Anchor', price: 4900, stock: 3 },
  { id: 'buoy', name: 'Buoy', price: 1250, stock: 40 },
  { id: 'compass', name: 'Compass', price: 3175, stock: 12 },
];

/** @param {number} cents */
export function formatPrice(cents) {
  return `${(cents / 100).toFixed(2)} EUR`;
}
