/** `a, b +3 more`. @param count of all, of which there may be more than given */
export function someOf(
  names: readonly string[],
  max: number,
  count = names.length,
): string {
  const shown = names.slice(0, max);
  const more = count - shown.length;
  return more > 0 ? `${shown.join(', ')} +${more} more` : shown.join(', ');
}
