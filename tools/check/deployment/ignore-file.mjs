/**
 * Whether a path of the repository is kept out of the build context, by the rules of .dockerignore: each line a
 * pattern from the root, `**` any number of folders, the last line that matches decides, `!` takes back.
 *
 * @param {string} ignoreText
 * @returns {(path: string) => boolean}
 */
export function createIgnore(ignoreText) {
  const rules = ignoreText
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({
      kept: line.startsWith('!'),
      form: formOf(line.replace(/^!/, '').replace(/^\/|\/$/g, '')),
    }));
  return (path) => {
    // A folder that is left out takes everything in it along.
    const prefixes = path.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/'));
    let ignored = false;
    for (const { kept, form } of rules) {
      if (prefixes.some((prefix) => form.test(prefix))) ignored = !kept;
    }
    return ignored;
  };
}

/** @param {string} pattern */
function formOf(pattern) {
  const source = pattern
    .split('/')
    .map((part) =>
      part === '**'
        ? '\0'
        : part
            .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
            .replaceAll('*', '[^/]*')
            .replaceAll('?', '[^/]'),
    )
    .join('/')
    .replaceAll('\0/', '(?:[^/]+/)*')
    .replaceAll('/\0', '/.*');
  return new RegExp(`^${source}$`);
}
