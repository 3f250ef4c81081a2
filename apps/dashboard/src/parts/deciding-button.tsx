import { useArmed } from '../desk/arming.ts';
import { Button, type ButtonProps } from './button.tsx';

/**
 * A button that decides something under the name of whoever presses it. It waits a moment after it, or what it is
 * `about`, appeared, and looks as if it did; the second half of a double press never counts.
 */
export const DecidingButton = ({ about, ...props }: ButtonProps & { readonly about: string }) => {
  const armed = useArmed(about);
  return (
    <Button
      {...props}
      waiting={!armed}
      onClick={(event) => {
        if (event.detail > 1) event.preventDefault();
        else props.onClick?.(event);
      }}
    />
  );
};
