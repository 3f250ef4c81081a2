interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const edgePx = 12;

const touches = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** How far above the lower edge of the window notes have to stand so that they lie over none of the bars, in pixels. */
export const clearOfBars = (
  notes: Pick<Box, 'left' | 'right'> & { readonly height: number },
  bars: readonly Box[],
  windowHeight: number,
): number => {
  let lower = windowHeight - edgePx;
  // From the lowest bar on: above one there may be another.
  for (const bar of [...bars].sort((a, b) => b.bottom - a.bottom)) {
    const place = { left: notes.left, right: notes.right, top: lower - notes.height, bottom: lower };
    if (touches(place, bar)) lower = bar.top - edgePx / 2;
  }
  return windowHeight - lower;
};
