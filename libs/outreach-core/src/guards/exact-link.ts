const opens = /[\s<("'[]/;
const closes = /^(?:[>)\]"']|[.,;:!?]*(?:\s|$))/;

/**
 * A text cut at every place where a link stands as a whole: neither the start of a longer address nor a part of one.
 * Every recipient has a link of their own, and compiling a pattern for each costs more than looking for it.
 */
export const splitAtLink = (text: string, url: string): readonly string[] => {
  // A message without a link of its own: the empty text is everywhere.
  if (url === '') return [text];
  const pieces: string[] = [];
  let from = 0;
  for (let at = text.indexOf(url); at >= 0;) {
    const end = at + url.length;
    const isWhole = (at === 0 || opens.test(text.charAt(at - 1))) && closes.test(text.slice(end));
    if (isWhole) {
      pieces.push(text.slice(from, at));
      from = end;
    }
    at = text.indexOf(url, isWhole ? end : at + 1);
  }
  return [...pieces, text.slice(from)];
};
