import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';

export interface ButtonProps {
  /** `stop` is red, and the stop of everything is all it is for. */
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'stop';
  readonly icon?: IconName;
  readonly shortcut?: string;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  /** It works in a moment; until then a press does nothing. */
  readonly waiting?: boolean;
  readonly type?: 'button' | 'submit';
  readonly label?: string;
  readonly pressed?: boolean;
  readonly onClick?: (event: MouseEvent) => void;
  readonly children: ComponentChildren;
}

export const Button = (props: ButtonProps) => (
  <button
    type={props.type ?? 'button'}
    class={`button button-${props.kind ?? 'plain'}`}
    disabled={props.disabled === true || props.busy === true}
    aria-busy={props.busy === true}
    aria-disabled={props.waiting}
    aria-label={props.label}
    aria-pressed={props.pressed}
    aria-keyshortcuts={props.shortcut}
    onClick={(event) => {
      if (props.waiting === true) event.preventDefault();
      else props.onClick?.(event);
    }}
  >
    {props.icon === undefined ? null : <Icon name={props.icon} />}
    <span>{props.children}</span>
    {props.shortcut === undefined ? null : <kbd aria-hidden="true">{props.shortcut}</kbd>}
  </button>
);
