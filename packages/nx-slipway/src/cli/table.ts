/** Lines of words, each column as wide as its widest. */
export function table(rows: readonly (readonly string[])[]): string {
  const width = (column: number) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map((row) => {
      const cells = row.map((cell, column) => cell.padEnd(width(column)));
      return `${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}
