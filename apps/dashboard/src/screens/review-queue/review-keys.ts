import { useEffect, useRef } from 'preact/hooks';
import { useDesk } from '../../desk/desk.ts';
import { commandOf, type ReviewCommand } from '../../desk/keyboard.ts';
import { isTypedInto } from '../../desk/lost-field.ts';
import { meantForField } from '../../desk/toasts.ts';

/** Calls back with the command of each key, while the component is shown. */
export const useReviewKeys = (onCommand: (command: ReviewCommand) => void): void => {
  const { lostField, toasts } = useDesk();
  const latest = useRef(onCommand);
  latest.current = onCommand;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const command = commandOf({
        key: event.key,
        withModifier: event.ctrlKey || event.altKey || event.metaKey,
        whileTyping: isTypedInto(event.target),
        inDialog: document.querySelector('dialog[open]') !== null,
      });
      if (command === null || (event.repeat && command !== 'next' && command !== 'previous')) return;
      event.preventDefault();
      if (lostField.wasMeant()) return toasts.show(meantForField);
      latest.current(command);
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
};
