const width = 100;

/** Prose as comment lines of an environment file. */
export const comment = (text: string): string[] => {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.replaceAll('`', '').split(' ')) {
    if (line.length + word.length + 1 > width) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
};

/** A heading between two groups of variables. */
export const title = (text: string): string[] => [
  '',
  `# ${'-'.repeat(width - 2)}`,
  `# ${text}`,
  `# ${'-'.repeat(width - 2)}`,
];
