/** Matches a link as a whole: neither the start of a longer address nor a part of one. */
export const exactLink = (url: string): RegExp =>
  new RegExp(
    `(?<![^\\s<("'\\[])${url.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?=[>)\\]"']|[.,;:!?]*(?:\\s|$))`,
    'g',
  );
