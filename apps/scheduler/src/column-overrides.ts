/** `field=Header` pairs, as typed after --map, as a mapping; answers the first pair that is not one. */
export const readColumnOverrides = (
  pairs: readonly string[],
): { ok: true; overrides: Record<string, string> } | { ok: false; pair: string } => {
  const overrides: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1 || at === pair.length - 1) return { ok: false, pair };
    overrides[pair.slice(0, at).trim()] = pair.slice(at + 1).trim();
  }
  return { ok: true, overrides };
};
