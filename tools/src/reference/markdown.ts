/** A Markdown table; bars and line breaks in cells cannot break it. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
};

export const code = (text: string): string => `\`${text}\``;

/** The remark under a title that says where to change what the page says. */
export const madeFrom = (sources: string): string =>
  `<!-- Made from ${sources} by \`npm run docs\`. Change it there. -->`;

/** A page: its parts with an empty line between them. */
export const page = (...parts: readonly (string | readonly string[])[]): string =>
  `${parts
    .flat()
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
