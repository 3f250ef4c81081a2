const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * Whether a stored text names one of these persons (`email:…`, `linkedin:…`), as the whole of an address or of a profile:
 * `eve@x.example` is not named by `steve@x.example`. Texts may be JSON, so a name may follow an escaped line break.
 */
export const createPersonMention = (names: readonly string[]): ((text: string) => boolean) => {
  const patterns = names.map((name) => {
    const value = quoted(name.slice(name.indexOf(':') + 1));
    return name.startsWith('email:')
      ? `(?:(?<![\\p{L}\\p{N}._%+-])|(?<=\\\\[bfnrt]|%[0-9a-f]{2}))${value}(?![\\p{L}\\p{N}-]|\\.[\\p{L}\\p{N}])`
      : `(?:linkedin:|\\bin(?:\\\\?/|%2f))${value}(?![\\p{L}\\p{N}_%-])`;
  });
  if (patterns.length === 0) return () => false;
  const pattern = new RegExp(patterns.join('|'), 'iu');
  return (text) => pattern.test(text);
};
