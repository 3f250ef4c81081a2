/**
 * The cells of one CSV record that `RecordSplitter` found whole, unquoted and without the blanks around them. A quote
 * inside a quoted cell is written twice; one in the middle of an unquoted cell is text.
 */
export const recordCells = (text: string, delimiter: string): string[] => {
  const cells: string[] = [];
  for (let at = 0; at <= text.length;) {
    let start = at;
    while (start < text.length && text[start] !== delimiter && /[ \t]/.test(text[start] ?? '')) start += 1;
    if (text[start] === '"') {
      let cell = '';
      let next = start + 1;
      for (; next < text.length; next += 1) {
        if (text[next] === '"') {
          if (text[next + 1] !== '"') break;
          next += 1;
        }
        cell += text[next] ?? '';
      }
      const end = text.indexOf(delimiter, next + 1);
      cells.push(cell.trim());
      at = (end < 0 ? text.length : end) + 1;
    } else {
      const end = text.indexOf(delimiter, start);
      cells.push(text.slice(start, end < 0 ? text.length : end).trim());
      at = (end < 0 ? text.length : end) + 1;
    }
  }
  return cells;
};
