const quietMs = 1_000;

/** Whether a key goes into a field the person writes in. */
export const isTypedInto = (target: EventTarget | null): target is HTMLElement =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role="textbox"]'));

export interface LostField {
  /**
   * Whether the key that is being pressed was meant for a field that vanished under the typing: it went away, or its
   * dialog did, without a button, Escape or a press elsewhere. That ends a second after the last such key.
   */
  readonly wasMeant: () => boolean;
}

/** Watches a page for fields that vanish while somebody writes in them. */
export const watchLostField = (page: Window): LostField => {
  let writing: Element | null = null;
  let quietUntil = 0;
  let isMeant = false;
  const rootOf = (field: HTMLElement): Element => field.closest('form, dialog') ?? field;
  const isGone = (root: Element): boolean =>
    !root.isConnected || (root.closest('dialog') !== null && root.closest('dialog[open]') === null);
  page.addEventListener(
    'focusin',
    ({ target }) => {
      if (isTypedInto(target)) writing = rootOf(target);
    },
    { capture: true },
  );
  page.addEventListener(
    'click',
    ({ target }) => {
      // A button in the form or the dialog ends it, and so does turning to something else.
      if (!isTypedInto(target)) writing = null;
    },
    { capture: true },
  );
  page.addEventListener(
    'keydown',
    (event) => {
      if (isTypedInto(event.target)) writing = rootOf(event.target);
      if (event.key === 'Escape' || event.key === 'Tab') writing = null;
      if (writing !== null && isGone(writing)) {
        writing = null;
        quietUntil = event.timeStamp + quietMs;
      }
      isMeant = !isTypedInto(event.target) && event.timeStamp < quietUntil;
      if (isMeant) quietUntil = event.timeStamp + quietMs;
    },
    { capture: true },
  );
  return { wasMeant: () => isMeant };
};
