import { chooseOctet, networksOf } from './allocation';

describe('chooseOctet', () => {
  it('is the same for the same sandbox', () => {
    expect(chooseOctet('a', new Set())).toBe(chooseOctet('a', new Set()));
  });

  it('passes over what is used, and over 10.0 and 10.1', () => {
    const all = Array.from({ length: 256 }, (_, i) => i);
    const used = new Set(all.filter((octet) => octet > 1 && octet !== 77));
    expect(chooseOctet('a', used)).toBe(77);
    used.add(77);
    expect(() => chooseOctet('a', used)).toThrow('No network');
  });
});

it('keeps every network within its own 10.x', () => {
  for (const network of Object.values(networksOf(42))) {
    expect(network).toMatch(/^10\.42\./);
  }
});
