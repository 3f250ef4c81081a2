/** A part of two messages that is not the same in both, as text; null where one of them has none. */
export interface PartDifference {
  readonly part: string;
  readonly before: string | null;
  readonly after: string | null;
}

const partsOf = (value: unknown, path: string): readonly (readonly [path: string, text: string])[] => {
  if (typeof value !== 'object' || value === null)
    return [[path, typeof value === 'string' ? value : JSON.stringify(value)]];
  return Object.entries(value).flatMap(([name, inner]) =>
    partsOf(inner, path === '' ? name : `${path} ${name}`),
  );
};

/** Every part in which two messages differ, by its path in words, but for those that are shown beside each other. */
export const differencesBeyond = (
  shown: readonly string[],
  before: object,
  after: object,
): readonly PartDifference[] => {
  const [left, right] = [new Map(partsOf(before, '')), new Map(partsOf(after, ''))];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((part) => !shown.includes(part) && left.get(part) !== right.get(part))
    .map((part) => ({ part, before: left.get(part) ?? null, after: right.get(part) ?? null }));
};
