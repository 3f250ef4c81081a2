const quietMs = 1_000;

/** Whether a key goes into a field the person writes in. */
export const isTypedInto = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role="textbox"]'));

export interface LostField {
  /**
   * Whether the key that is being pressed was meant for a field that lost the focus under the typing: it went away, or
   * was put elsewhere, without a button, Escape, Tab or a press elsewhere. That ends a second after the last such key.
   */
  readonly wasMeant: () => boolean;
}

/** Watches a page for fields that lose the focus while somebody writes in them. */
export const watchLostField = (page: Window): LostField => {
  let isWriting = false;
  let isMeant = false;
  let quietUntil = 0;
  const watch = { capture: true };
  page.addEventListener(
    'focusin',
    ({ target }) => {
      if (isTypedInto(target)) isWriting = true;
    },
    watch,
  );
  page.addEventListener(
    'click',
    ({ target }) => {
      // A button ends the writing, and so does turning to something else.
      if (!isTypedInto(target)) isWriting = false;
    },
    watch,
  );
  page.addEventListener(
    'keydown',
    ({ key, target, timeStamp }) => {
      if (isTypedInto(target)) {
        isMeant = false;
        isWriting = key !== 'Escape' && key !== 'Tab';
        return;
      }
      isMeant = isWriting || timeStamp < quietUntil;
      isWriting = false;
      if (isMeant) quietUntil = timeStamp + quietMs;
    },
    watch,
  );
  return { wasMeant: () => isMeant };
};
