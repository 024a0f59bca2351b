export {
  EMPTY,
  PART_OF,
  inventoryPlace,
  labelSelector,
  merged,
  setInWords,
  parentOf,
} from './inventory';
export type { Inventory, InventoryPlace } from './inventory';
export { InventoryStore, ownerInWords } from './store';
