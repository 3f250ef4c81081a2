/** An escape of a surrogate: without one a text in UTF-8 cannot hold half of a character. */
const surrogateEscape = /\\u[dD][89a-fA-F]/;
const loneSurrogate = /\p{Cs}/u;

const holdsHalf = (value: unknown): boolean => {
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string' && loneSurrogate.test(next)) return true;
    if (typeof next !== 'object' || next === null) continue;
    for (const [key, inner] of Object.entries(next)) waiting.push(key, inner);
  }
  return false;
};

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: 'not_json' | 'half_character' };

/**
 * JSON whose texts hold whole characters. Half of one (a lone surrogate, which only an escape can bring) has no form in
 * UTF-8: some stores keep it as it is and others put a sign in its place, so that one text becomes two.
 */
export const parseWellFormedJson = (text: string): ParsedJson => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, reason: 'not_json' };
  }
  return surrogateEscape.test(text) && holdsHalf(value)
    ? { ok: false, reason: 'half_character' }
    : { ok: true, value };
};
