import { useEffect, useState } from 'preact/hooks';
import { useDesk } from './desk.ts';

/** Longer than the pause between two presses of one hand, shorter than anybody reads a message. */
const armingMs = 700;

/**
 * Whether what is shown has been on the screen long enough to be decided about. `about` names what a decision would
 * be about: another name is something that nobody has looked at yet. A second press that was meant for the thing
 * before it comes too early for the next.
 */
export const useArmed = (about: string): boolean => {
  const { timers } = useDesk();
  const [armedFor, setArmedFor] = useState<string | null>(null);
  useEffect(() => {
    const cancel = timers.after(armingMs, () => setArmedFor(about));
    return () => {
      cancel();
      setArmedFor(null);
    };
  }, [about]);
  return armedFor === about;
};
