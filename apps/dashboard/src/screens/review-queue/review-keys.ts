import { useEffect, useRef } from 'preact/hooks';
import { commandOf, type ReviewCommand } from '../../desk/keyboard.ts';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input, textarea, select, [role="textbox"]'));

/** Calls back with the command of each key, while the component is shown. */
export const useReviewKeys = (onCommand: (command: ReviewCommand) => void): void => {
  const latest = useRef(onCommand);
  latest.current = onCommand;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const command = commandOf({
        key: event.key,
        withModifier: event.ctrlKey || event.altKey || event.metaKey,
        whileTyping: isTyping(event.target),
        inDialog: document.querySelector('dialog[open]') !== null,
      });
      if (command === null || (event.repeat && command !== 'next' && command !== 'previous')) return;
      event.preventDefault();
      latest.current(command);
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
};
